// What the room asks of the hub, in this one file: the session service beside
// the media. It follows hub/session and hub/session_*.go; where the interface
// of the hub settles otherwise, only this file changes.
//
// Reads and what is only presence go out plainly; what becomes an event of the
// chain is a command with a key of its own.
import { command } from "@/api/command";
import { problemOf } from "@/api/problem";
import { send } from "@/api/send";
import type { View } from "@/api/types";
import type { Stroke } from "@/kit/strokes";
import type { Source } from "./line/wire";

export type State = "scheduled" | "waiting" | "open" | "formal" | "paused" | "closed" | "cancelled" | "expired";
export type Here = "invited" | "testing" | "waiting" | "admitted" | "consulting" | "removed" | "left";
export type Role = "host" | "reviewer" | "clerk" | "applicant" | "agent" | "interpreter" | "observer" | "institution";
export type Move = "open" | "enter" | "admit" | "leave" | "remove" | "recall" | "consult" | "rejoin";
export type Turn = "begin" | "pause" | "resume" | "close";

export interface May {
  publish: Source[];
  hear: boolean;
  control: boolean;
  show: boolean;
  point: boolean;
  chat: boolean;
  caption: boolean;
  ask: boolean;
  question: boolean;
  identify: boolean;
  sign: boolean;
}

export interface Person {
  who: string;
  role: Role;
  name: string; // masked for parties, but one's own
  here: Here;
  talk?: number; // the private talk he is in
  consented?: boolean;
  party?: boolean; // can be questioned
  party_role?: string; // seller, buyer, …: which questions are his
  since?: string;
  score?: string; // of his self-test: good, okay, bad
  help?: string;
  loss?: number;
  identity?: { method: string; result: "matches" | "differs" | "unclear"; at: string };
}

export interface Session {
  id: string;
  case: string;
  number: string;
  item: string;
  unit: string;
  agency: string; // that holds the case, in the reader's language
  state: State;
  cause?: "host_wish" | "host_left" | "recording_stalled" | "party_left";
  locked?: boolean;
  from: string;
  to: string;
  begun?: string; // when the formal part last began or went on
  you: string; // one's seat
  may: May;
  people: Person[];
  shown: { material: string; name: string; pages: number }[];
  recording: { on: boolean; confirmed_to?: string; stalled?: boolean; why?: string };
  draft_rev: number;
  read_back?: boolean;
}

export interface Text {
  key: "notice" | "declaration" | "recording";
  title: string;
  words: string;
  digest: string;
}

export interface Draft {
  who: string;
  answers: Record<string, unknown>;
  text: string;
  rev: number;
  digest?: string; // of what was read back
  confirmed: { who: string; at: string }[];
  needed: string[];
  questions?: Question[]; // as they are asked; who came by a link reads no standard
}

export interface Ticket {
  address: string; // of the WebSocket, as a path of ours or ws(s)://
  token: string;
}

export interface Tested {
  score: "good" | "okay" | "bad";
  camera: boolean;
  mic: boolean;
  speaker: boolean;
  kbps: number;
  round_ms: number;
}

export interface Place {
  case: string;
  session: string;
}

const at = (p: Place, rest = ""): string => `/api/v1/cases/${encodeURIComponent(p.case)}/sessions/${encodeURIComponent(p.session)}${rest}`;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, credentials: "same-origin" };
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const response = await send(new Request(location.origin + path, init));
  const answer: unknown = response.status === 204 ? {} : await response.json().catch(() => null);
  if (!response.ok) throw problemOf(answer, response);
  return answer as T;
}

/** Lets a person in by his link and its one-time code; the browser gets a cookie that is good for this session. */
export const enterByLink = (link: string, code: string): Promise<{ case: string; session?: string }> =>
  call("POST", "/api/v1/session/link", { link, code });

export const readSession = (p: Place): Promise<Session> => call("GET", at(p));
export const readTexts = (p: Place, lang: string): Promise<{ texts: Text[] }> => call("GET", at(p, `/texts?lang=${lang}`));
export const ticket = (p: Place): Promise<Ticket> => call("POST", at(p, "/ticket"));

// Presence.
export const tell = (p: Place, t: Tested): Promise<unknown> => call("POST", at(p, "/test"), t);
export const wait = (p: Place): Promise<unknown> => call("POST", at(p, "/wait"));
export const lock = (p: Place, on: boolean): Promise<unknown> => call("POST", at(p, "/lock"), { on });
export const help = (p: Place, text: string): Promise<unknown> => call("POST", at(p, "/help"), { text });
export const show = (p: Place, material: string, on: boolean): Promise<unknown> => call("POST", at(p, "/shown"), { material, on });

// The questioning record, until it is sealed.
export const readDraft = (p: Place): Promise<Draft | null> => call<Draft & { rev: number }>("GET", at(p, "/draft")).then((d) => (d.who ? d : null));
export const keepDraft = (p: Place, d: Pick<Draft, "who" | "answers" | "text" | "rev">): Promise<{ rev: number }> => call("PUT", at(p, "/draft"), d);
export const readBack = (p: Place, rev: number): Promise<{ digest: string }> => call("POST", at(p, "/draft/read-back"), { rev });
export const confirmDraft = (p: Place, text: string, strokes: Stroke[]): Promise<unknown> => call("POST", at(p, "/draft/confirm"), { text, strokes });

// Events of the chain.
export const consent = (p: Place, lang: string, texts: string[]): Promise<unknown> => command({ path: at(p, "/consent"), body: { lang, texts } });
export const move = (p: Place, did: Move, who?: string, more: { with?: string[]; text?: string } = {}): Promise<unknown> =>
  command({ path: at(p, "/moves"), body: { did, ...(who ? { who } : {}), ...more } });
export const turn = (p: Place, did: Turn, text?: string): Promise<unknown> => command({ path: at(p, "/turns"), body: { did, ...(text ? { text } : {}) } });
export const host = (p: Place, did: "hand_over" | "take_over", to?: string): Promise<unknown> => command({ path: at(p, "/host"), body: { did, ...(to ? { to } : {}) } });
export const identify = (
  p: Place,
  body: { who: string; method: string; result: string; still?: string; document?: string; text?: string },
): Promise<unknown> => command({ path: at(p, "/identify"), body });
export const signShown = (p: Place, material: string, strokes: Stroke[]): Promise<unknown> => command({ path: at(p, "/sign"), body: { material, strokes } });
export const sealRecord = (p: Place, text: string): Promise<unknown> => command({ path: at(p, "/record"), body: { text } });

/** The picture of a page that is shown in the room. */
export const pagePath = (p: Place, material: string, n: number): string => at(p, `/shown/${encodeURIComponent(material)}/pages/${n}`);

export type Question = View["QuestionView"];

/** Where the room answers, from a path or a whole address. */
export function socketAddress(address: string): string {
  const u = new URL(address, location.href);
  if (u.protocol === "http:" || u.protocol === "https:") u.protocol = u.protocol === "https:" ? "wss:" : "ws:";
  return u.href;
}
