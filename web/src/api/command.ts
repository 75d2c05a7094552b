// Commands: at most once, whatever the line does. A key belongs to a body; the
// same body sent again, after a lost answer or by a second press, carries the
// same key, and the hub gives the first answer.
import { ref, shallowRef } from "vue";
import { Problem, problemOf } from "./problem";
import { line, probe, send } from "./send";
import type { View } from "./types";

export type Result = View["ResultView"] & Record<string, unknown>;

export interface Wish {
  path: string;
  method?: "POST" | "DELETE";
  body?: unknown;
  /** The version that the user saw; another one is answered with stale_version. */
  seq?: number;
}

const newKey = (): string => crypto.randomUUID();

async function digest(wish: Wish): Promise<string> {
  const text = JSON.stringify([wish.method ?? "POST", wish.path, wish.body ?? null, wish.seq ?? 0]);
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(sum).slice(0, 12), (b) => b.toString(16).padStart(2, "0")).join("");
}

// Keys of commands whose end is not known. They outlive a reload; no personal data is in them.
const store = "tongban.keys";
const known = (): Record<string, string> => JSON.parse(sessionStorage.getItem(store) ?? "{}") as Record<string, string>;
function keep(name: string, key: string | null): void {
  const all = known();
  if (key === null) delete all[name];
  else all[name] = key;
  sessionStorage.setItem(store, JSON.stringify(all));
}

/** Sends a command once. Throws a Problem; `passes` says whether the same may do later. */
export async function command(wish: Wish): Promise<Result> {
  const name = await digest(wish);
  const key = known()[name] ?? newKey();
  keep(name, key);
  const headers: Record<string, string> = { "Content-Type": "application/json", "Idempotency-Key": key };
  if (wish.seq) headers["If-Match"] = `"${wish.seq}"`;
  const body = wish.body === undefined ? null : JSON.stringify(wish.body);
  const init: RequestInit = { method: wish.method ?? "POST", headers, body, credentials: "same-origin" };
  const response = await send(new Request(location.origin + wish.path, init));
  if (response.ok) {
    keep(name, null);
    return (response.status === 204 ? {} : await response.json()) as Result;
  }
  const problem = problemOf(await response.json().catch(() => null), response);
  if (!problem.passes && problem.status < 500) keep(name, null); // told no: another try is another command
  throw problem;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * A command as a page uses it: `busy` while it runs, `waiting` while the line is
 * down and it will be sent later, `problem` when it was refused. A second press
 * meanwhile does nothing.
 */
export function useCommand() {
  const busy = ref(false);
  const waiting = ref(false);
  const problem = shallowRef<Problem | null>(null);
  let left = false;

  async function run(wish: Wish): Promise<Result | null> {
    if (busy.value) return null;
    busy.value = true;
    problem.value = null;
    try {
      for (let wait = 1000; !left; wait = Math.min(wait * 2, 15_000)) {
        try {
          return await command(wish);
        } catch (e) {
          const p = e instanceof Problem ? e : new Problem(0, "internal", "", String(e), "", [], 0);
          if (!p.passes) {
            problem.value = p;
            return null;
          }
          waiting.value = true;
          await pause(Math.max(wait, p.retryAfter * 1000));
          while (!left && !line.up && !(await probe())) await pause(Math.min(wait, 5000));
        }
      }
      return null;
    } finally {
      busy.value = false;
      waiting.value = false;
    }
  }

  /** Stops waiting for the line; what was typed stays. */
  function leave(): void {
    left = true;
  }
  return { busy, waiting, problem, run, leave };
}
