// What the room asks of the hub, in this one file: the session service beside
// the media (hub/api/meetings.go and attend.go). Officers and parties who signed
// in act below the case's address; who came by a link acts below /attend, where
// his cookie says which session it is.
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
  name: string; // masked for parties and guests, but one's own
  here: Here;
  talk?: number; // the private talk he is in
  consented?: boolean;
  party?: number; // which party of the case, from 1: he can be questioned
  score?: string; // of his self-test: good, okay, bad
  help?: string;
  identity?: { result: string; at: string };
}

export type Recorder = "off" | "starting" | "on" | "stalled";

/** The session as pages need it. */
export interface Session {
  id: string;
  case: string;
  number: string;
  state: State;
  cause?: string;
  locked: boolean;
  from: string;
  to: string;
  skew: number; // ms that the hub's clock is ahead of ours
  begun?: string; // when the formal part last began or went on
  you: string; // one's seat
  may: May;
  people: Person[];
  shown: { material: string; name: string; pages: number }[];
  recorder: Recorder;
  stalled?: string; // why
  read_back?: boolean; // the record waits for one's signature
  texts: Text[]; // to be agreed to
}

// The part of the hub's answer that is used.
interface Page {
  case: string;
  number: string;
  session: {
    id: string; state: State; cause?: string; locked: boolean; from: string; to: string;
    people: { who: string; role: Role; name: string; here: Here; talk?: number; consented: boolean; party: number }[];
    turns: { did: string; at: string }[];
    identities: { who: string; result: string; at: string }[];
    tracks: { segments: number }[];
  };
  seat?: string;
  may: May;
  presence: { who: string; self_test?: string; help?: string }[];
  shown: { material: string; name: string; pages: number }[];
  stalled?: string;
  now: string;
  texts?: Text[];
}

const live = (s: State): boolean => s === "open" || s === "formal" || s === "paused";

function recorderOf(p: Page): Recorder {
  if (!live(p.session.state)) return "off";
  if (p.stalled || p.session.cause === "recording_stalled") return "stalled";
  return p.session.state === "formal" || p.session.tracks.some((t) => t.segments > 0) ? "on" : "starting";
}

/** Makes the page's session of the hub's answer. */
export function sessionOf(p: Page, now: number): Session {
  const x = p.session;
  const begun = x.state === "formal" ? x.turns.filter((t) => t.did === "begin" || t.did === "resume").at(-1)?.at : undefined;
  return {
    id: x.id, case: p.case, number: p.number, state: x.state, locked: x.locked, from: x.from, to: x.to, skew: Date.parse(p.now) - now, you: p.seat ?? "", may: p.may,
    ...(x.cause ? { cause: x.cause } : {}), ...(begun ? { begun } : {}), ...(p.stalled ? { stalled: p.stalled } : {}),
    recorder: recorderOf(p), texts: p.texts ?? [],
    shown: p.shown,
    people: x.people.map((q) => {
      const door = p.presence.find((d) => d.who === q.who);
      const id = x.identities.filter((i) => i.who === q.who).at(-1);
      return { ...q, ...(door?.self_test ? { score: door.self_test } : {}), ...(door?.help ? { help: door.help } : {}), ...(id ? { identity: id } : {}) };
    }),
  };
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

/** Where the session is: `case` is "attend" for who came by a link. */
export interface Place {
  case: string;
  session: string;
}
export const byLink = "attend";

const at = (p: Place, rest = ""): string =>
  p.case === byLink ? `/api/v1/attend${rest}` : `/api/v1/cases/${encodeURIComponent(p.case)}/sessions/${encodeURIComponent(p.session)}${rest}`;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, credentials: "same-origin" };
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const response = await send(new Request(location.origin + path, init));
  const text = await response.text();
  let answer: unknown = null;
  try {
    answer = text ? JSON.parse(text) : {};
  } catch {
    // no JSON: the status says it all
  }
  if (!response.ok) throw problemOf(answer, response);
  return answer as T;
}

/** Lets a person in by his link and its one-time code; the browser gets a cookie that is good for this session. */
export const enterByLink = (link: string, code: string): Promise<{ session: string }> => call("POST", "/api/v1/attend", { link, code });

/** A pass into the room, for one connection. */
export const ticket = async (p: Place): Promise<Ticket> => {
  const { socket, token } = await call<{ socket: string; token: string }>("POST", at(p, "/pass"), {});
  return { address: socket, token };
};

export async function readSession(p: Place): Promise<Session> {
  const s = sessionOf(await call<Page>("GET", at(p)), Date.now());
  const role = s.people.find((x) => x.who === s.you)?.role;
  if (s.state === "formal" && s.may.sign && role && !officers.has(role)) s.read_back = Boolean((await readDraft(p).catch(() => null))?.digest);
  return s;
}
export const officers = new Set<Role>(["host", "reviewer", "clerk"]);

// Presence.
export const tell = (p: Place, t: Tested): Promise<unknown> => call("PUT", at(p, "/self-test"), t);
export const wait = (p: Place): Promise<unknown> => call("POST", at(p, "/wait"), {});
export const lock = (p: Place, on: boolean): Promise<unknown> => call("PUT", at(p, "/lock"), { on });
export const help = (p: Place, text: string): Promise<unknown> => call("PUT", at(p, "/help"), { text });
export const show = (p: Place, material: string): Promise<unknown> => call("POST", at(p, "/show"), { material });

// The questioning record, until it is sealed. `rev` is there without a draft too.
export const readDraft = (p: Place): Promise<Draft> => call<Draft>("GET", at(p, "/draft")).then((d) => ({ ...d, answers: d.answers ?? {}, text: d.text ?? "" }));
export const keepDraft = (p: Place, d: Pick<Draft, "who" | "answers" | "text" | "rev">): Promise<{ rev: number }> => call("PUT", at(p, "/draft"), d);
export const readBack = (p: Place, rev: number): Promise<{ digest: string }> => call("POST", at(p, "/draft/read-back"), { rev });
export const confirmDraft = (p: Place, text: string, strokes: Stroke[]): Promise<unknown> => call("POST", at(p, "/draft/confirm"), { text, strokes: wire(strokes) });

const wire = (strokes: Stroke[]): { dots: Stroke }[] => strokes.map((dots) => ({ dots }));

// Events of the chain.
export const consent = (p: Place, lang: string, texts: string[]): Promise<unknown> => command({ path: at(p, "/consent"), body: { lang, texts } });
/** `who` is the person it is about; of a private talk all of them. */
export function move(p: Place, did: Move, ...who: string[]): Promise<unknown> {
  const body = did === "consult" ? { people: who } : who[0] ? { who: who[0] } : {};
  return command({ path: at(p, `/${did}`), body: did === "leave" ? undefined : body });
}
export const turn = (p: Place, did: Turn): Promise<unknown> => command({ path: at(p, `/${did}`), body: {} });
export const handOver = (p: Place, to: string): Promise<unknown> => command({ path: at(p, "/hand-over"), body: { who: to } });
export const takeOver = (p: Place): Promise<unknown> => command({ path: at(p, "/take-over"), body: {} });
export const identify = (
  p: Place,
  body: { who: string; method: string; result: string; still?: string; document?: string; text?: string },
): Promise<unknown> => command({ path: at(p, "/identify"), body });
export const signShown = (p: Place, material: string, strokes: Stroke[]): Promise<unknown> => command({ path: at(p, "/sign"), body: { material, strokes: wire(strokes) } });
export const sealRecord = (p: Place, text: string): Promise<unknown> => command({ path: at(p, "/record"), body: { text } });

/** The picture of a page that is shown in the room. */
export const pagePath = (p: Place, material: string, n: number): string => at(p, `/materials/${encodeURIComponent(material)}/pages/${n}`);

export type Question = View["QuestionView"];

/** Where the room answers, from a path or a whole address. */
export function socketAddress(address: string): string {
  const u = new URL(address, location.href);
  if (u.protocol === "http:" || u.protocol === "https:") u.protocol = u.protocol === "https:" ? "wss:" : "ws:";
  return u.href;
}
