// Who is signed in. One object for the whole page; components read it directly.
import { computed, reactive, readonly } from "vue";
import { api, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import { onSessionEnd } from "@/api/send";
import type { Me, View } from "@/api/types";
import { language } from "@/words";

interface State {
  me: Me | null;
  expires: number; // ms; without a further request
  known: boolean; // the hub was asked
  again: boolean; // the session ended while a page was open
  weak: boolean; // nothing else before a second factor is set up
}

const state = reactive<State>({ me: null, expires: 0, known: false, again: false, weak: false });
export const session = readonly(state);

let answerAgain: ((signedIn: boolean) => void)[] = [];

// Every request that meets a 401 waits here for the one dialog.
onSessionEnd(async () => {
  if (!state.me) return false;
  state.again = true;
  return new Promise<boolean>((done) => answerAgain.push(done));
});

function take(s: View["SessionView"]): void {
  state.me = s.person;
  state.expires = Date.now() + s.left_seconds * 1000; // the clock of this machine may be wrong
  state.known = true;
  state.again = false;
  state.weak = s.set_up_factor === true;
}

/** Asks the hub once who is signed in. Throws only when the hub cannot be asked. */
export async function loadSession(): Promise<void> {
  if (state.known) return;
  try {
    take(await unwrap(api.GET("/api/v1/session")));
  } catch (e) {
    if (!(e instanceof Problem) || e.status !== 401) throw e;
    state.known = true;
  }
}

/**
 * Signs in with the cookie of this browser; a Problem says why not, second_factor
 * that the password is right and a code is missing or wrong.
 */
export async function signIn(login: string, password: string, code = ""): Promise<void> {
  const before = state.me?.id;
  const s = await unwrap(api.POST("/api/v1/session", { body: { login, password, ...(code && { code }) } }));
  if (state.again && before !== s.person.id) location.assign("/"); // another person: not on top of this page
  take(s);
  const waiting = answerAgain;
  answerAgain = [];
  for (const done of waiting) done(true);
}

/** Leaves the dialog without signing in; what waited is told no. */
export function giveUpSession(): void {
  const waiting = answerAgain;
  answerAgain = [];
  state.again = false;
  state.me = null;
  for (const done of waiting) done(false);
  location.assign("/sign-in");
}

const leaving: (() => Promise<void> | void)[] = [];
/** Runs before the person signs out, e.g. to forget what is kept in this browser. */
export const beforeSignOut = (run: () => Promise<void> | void): void => void leaving.push(run);

const questions: (() => boolean)[] = [];
/** Asks before the person signs out; false keeps him in. */
export const askBeforeSignOut = (ask: () => boolean): void => void questions.push(ask);

export async function signOut(): Promise<void> {
  if (!questions.every((ask) => ask())) return;
  for (const run of leaving) await run();
  await unwrap(api.DELETE("/api/v1/session")).catch(() => undefined);
  sessionStorage.clear();
  location.assign("/sign-in");
}

/** Signs out on every device, here too. */
export async function signOutEverywhere(): Promise<void> {
  for (const run of leaving) await run();
  await unwrap(api.DELETE("/api/v1/logins"));
  sessionStorage.clear();
  location.assign("/sign-in");
}

/** Prolongs the session by using it. */
export async function prolong(): Promise<void> {
  take(await unwrap(api.GET("/api/v1/session")));
}

/**
 * The time is over: asks the hub, because another tab may have gone on, and if
 * it agrees, lets the person sign in on top of the page. What is typed stays.
 */
export async function endOfTime(): Promise<void> {
  if (!state.me || state.again) return;
  try {
    await prolong();
  } catch (e) {
    if (e instanceof Problem && e.status === 401) state.again = true;
  }
}

export const may = (action: string): boolean => state.me?.actions.includes(action) ?? false;

export const myName = computed(() => (state.me ? (language() === "en" ? state.me.name_en || state.me.name_zh : state.me.name_zh) : ""));
export const myAgency = computed(() => {
  const a = state.me?.agency;
  return a ? (language() === "en" ? a.name_en || a.name_zh : a.name_zh) : "";
});
