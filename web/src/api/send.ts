// How every request leaves the browser: with our header, in the user's
// language, and with a second try after signing in again. What is typed stays
// on the page meanwhile.
import { reactive } from "vue";
import { offline } from "./problem";

/** Whether the hub answers; the shell shows it. */
export const line = reactive({ up: true, since: 0 });

let language = "zh-CN";
export const setRequestLanguage = (l: string): void => void (language = l);

type SignInAgain = () => Promise<boolean>;
let signInAgain: SignInAgain = async () => false;
/** Names what asks a person whose session has ended to sign in on top of the page. */
export const onSessionEnd = (ask: SignInAgain): void => void (signInAgain = ask);

function mark(up: boolean): void {
  if (line.up === up) return;
  line.up = up;
  line.since = Date.now();
}

async function once(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    mark(true);
    return response;
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") throw e;
    mark(false);
    throw offline();
  }
}

/** fetch for the API. It throws a Problem "offline" where fetch throws. */
export async function send(request: Request): Promise<Response> {
  request.headers.set("Accept-Language", language);
  request.headers.set("X-Tongban", "1");
  const spare = request.clone();
  const response = await once(request);
  const signingIn = request.url.endsWith("/api/v1/session") && request.method !== "DELETE";
  if (response.status !== 401 || signingIn || !(await signInAgain())) return response;
  return once(spare);
}

/** Asks quietly whether the hub is back; the browser's own word is not enough. */
export async function probe(): Promise<boolean> {
  try {
    const response = await fetch("/healthz", { cache: "no-store" });
    mark(response.ok);
    return response.ok;
  } catch {
    mark(false);
    return false;
  }
}

export const currentLanguage = (): string => language;
