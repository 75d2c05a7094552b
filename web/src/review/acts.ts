// What a person may do with a case now, as data: the bar shows it, the keys run
// it, one form fills it. The hub has the last word; this only keeps people from
// what it would refuse anyway.
import type { Key } from "@/words";
import type { Case } from "./types";

export type ActId =
  | "take" | "decline" | "accept" | "refuse" | "supplement" | "first_pass" | "first_fail" | "second_pass" | "second_fail" | "tax" | "notice_open"
  | "notice_end" | "visit" | "suspend" | "resume" | "approve" | "reject" | "book" | "issue" | "hand_out" | "revoke" | "close";

export interface Me {
  id: string;
  agency: string;
  may: (action: string) => boolean;
}

export type Input = "text" | "line" | "choice" | "told" | "paper" | "picture";

/** One input of an act. `options` are keys of words: review.option.<of>.<key>. */
export interface ActInput {
  key: string;
  kind: Input;
  label: Key;
  need: boolean;
  of?: string;
  options?: string[];
  templates?: boolean; // the standard's typical reasons are offered
  max?: number;
  only?: { key: string; is: string[] }; // asked only then
}

export interface Act {
  id: ActId;
  path: string;
  hotkey: string;
  tone: "go" | "stop" | "step";
  inputs: ActInput[];
  /** Why it cannot be done yet: a key of review.blocked.<…>, with the values for it. */
  blocked?: { why: "steps" | "same_person" | "offer" | "answer" | "round"; what?: string[] };
  /** Cannot be undone: asks once more. */
  final?: boolean;
}

const text = (label: Key, need: boolean, templates = false): ActInput => ({ key: "text", kind: "text", label, need, templates, max: 8000 });
const choice = (key: string, label: Key, of: string, options: string[]): ActInput => ({ key, kind: "choice", label, need: true, of, options });
const note: ActInput = { key: "note", kind: "line", label: "review.input.note", need: false, max: 8000 };

const good = (c: Case) => c.results.filter((p) => !p.revoked);
const handled = ["accepted", "first_reviewed", "second_reviewed"];
const done = ["approved", "booked", "rejected", "refused", "withdrawn"];

interface Rule {
  id: ActId;
  path: string;
  hotkey: string;
  tone: Act["tone"];
  may: string;
  when: (c: Case, me: Me) => boolean;
  inputs?: ActInput[];
  blocked?: (c: Case, me: Me) => Act["blocked"];
  final?: boolean;
}

const mine = (c: Case, me: Me) => c.custodian === me.agency && !c.offer;
const at = (...statuses: string[]) => (c: Case, me: Me) => mine(c, me) && statuses.includes(c.status);
const samePerson = (c: Case, me: Me): Act["blocked"] => (c.first_review?.by.person === me.id ? { why: "same_person" } : undefined);
const offered = (c: Case, me: Me) => c.offer?.to === me.agency;

const rules: Rule[] = [
  { id: "take", path: "take", hotkey: "a", tone: "go", may: "custody.accept", when: offered, inputs: [note] },
  { id: "decline", path: "decline", hotkey: "d", tone: "stop", may: "custody.decline", when: offered, inputs: [
    choice("code", "review.input.code", "decline", ["wrong_place", "not_our_item", "broken_chain", "missing_material", "closed", "other"]), text("review.input.why", true),
  ] },
  { id: "accept", path: "accept", hotkey: "a", tone: "go", may: "case.accept", when: (c, me) => at("arrived")(c, me) && c.handling === me.agency, inputs: [note] },
  { id: "supplement", path: "supplement", hotkey: "b", tone: "step", may: "supplement.ask", when: at("arrived", "accepted"),
    blocked: (c, me) => (c.supplements.length > 0 && !me.may("supplement.second_round") ? { why: "round" } : undefined) },
  { id: "refuse", path: "refuse", hotkey: "d", tone: "stop", may: "case.refuse", when: at("arrived", "correcting"), final: true, inputs: [
    choice("code", "review.input.code", "refuse", ["incomplete", "wrong_place", "not_our_item", "illegal", "other"]), text("review.input.why", true, true),
  ] },
  { id: "first_pass", path: "review/first", hotkey: "a", tone: "go", may: "review.first", when: at("accepted"), inputs: [text("review.input.opinion", false)] },
  { id: "first_fail", path: "review/first", hotkey: "d", tone: "stop", may: "review.first", when: at("accepted"), inputs: [text("review.input.why", true, true)] },
  { id: "second_pass", path: "review/second", hotkey: "a", tone: "go", may: "review.second", when: at("first_reviewed"), blocked: samePerson, inputs: [text("review.input.opinion", false)] },
  { id: "second_fail", path: "review/second", hotkey: "d", tone: "stop", may: "review.second", when: at("first_reviewed"), blocked: samePerson, inputs: [text("review.input.why", true, true)] },
  { id: "approve", path: "decide", hotkey: "a", tone: "go", may: "case.decide", when: (c, me) => at("second_reviewed")(c, me) && !!c.first_review?.pass,
    blocked: (c, me) => (c.missing_steps?.length ? { why: "steps", what: c.missing_steps } : samePerson(c, me)), inputs: [text("review.input.opinion", false)] },
  { id: "reject", path: "decide", hotkey: "d", tone: "stop", may: "case.decide", when: at("second_reviewed", "suspended"), blocked: samePerson, final: true, inputs: [text("review.input.why", true, true)] },
  { id: "book", path: "book", hotkey: "a", tone: "go", may: "case.book", when: (c, me) => at("approved")(c, me) && !!c.steps?.booking && !c.booked, final: true,
    inputs: [{ key: "told", kind: "told", label: "review.input.told", need: false }, note] },
  { id: "issue", path: "issue", hotkey: "a", tone: "go", may: "result.issue", final: true, inputs: [note],
    when: (c, me) => at("approved", "booked")(c, me) && !(c.steps?.booking && !c.booked) && c.results.length === 0 && ((c.booked?.papers.length ?? 0) > 0 || (c.steps?.papers?.length ?? 0) > 0) },
  { id: "close", path: "close", hotkey: "a", tone: "go", may: "case.close", inputs: [note],
    when: (c, me) => at(...done)(c, me) && !(c.status === "approved" && c.steps?.booking && !c.booked) && !(["approved", "booked"].includes(c.status) && c.results.length === 0 && ((c.booked?.papers.length ?? 0) > 0 || (c.steps?.papers?.length ?? 0) > 0)) },
  { id: "hand_out", path: "hand-out", hotkey: "o", tone: "step", may: "result.hand_out", when: (c, me) => [...done, "closed"].includes(c.status) && mine(c, me) && good(c).length > 0, inputs: [
    { key: "id", kind: "paper", label: "review.input.paper", need: true },
    choice("way", "review.input.way", "way", ["electronic", "mail", "window", "self_service"]),
    { key: "carrier", kind: "line", label: "review.input.carrier", need: true, max: 60, only: { key: "way", is: ["mail"] } },
    { key: "tracking", kind: "line", label: "review.input.tracking", need: true, max: 60, only: { key: "way", is: ["mail"] } },
    { key: "receiver", kind: "line", label: "review.input.receiver", need: true, max: 100, only: { key: "way", is: ["window"] } },
    { key: "signature", kind: "picture", label: "review.input.signature", need: true, only: { key: "way", is: ["window"] } },
    text("review.input.note", false),
  ] },
  { id: "tax", path: "tax", hotkey: "t", tone: "step", may: "tax.confirm", when: (c, me) => at(...handled)(c, me) && !!c.steps?.tax, inputs: [
    choice("result", "review.input.tax", "tax", ["paid", "exempt", "not_due"]),
    { key: "document", kind: "line", label: "review.input.document", need: true, max: 100, only: { key: "result", is: ["paid"] } }, text("review.input.note", false),
  ] },
  { id: "notice_open", path: "notice/open", hotkey: "p", tone: "step", may: "notice.publish", when: (c, me) => at(...handled)(c, me) && (c.steps?.notice_days ?? 0) > 0 && !c.notice, inputs: [text("review.input.notice", true)] },
  { id: "notice_end", path: "notice/end", hotkey: "p", tone: "step", may: "notice.publish", when: (c, me) => at(...handled)(c, me) && !!c.notice && !c.notice.ended_at, inputs: [
    choice("objection", "review.input.objection", "objection", ["no", "yes"]), text("review.input.note", false),
  ] },
  { id: "visit", path: "visit", hotkey: "s", tone: "step", may: "visit.record", when: (c, me) => at(...handled)(c, me) && !!c.steps?.visit, inputs: [
    choice("agrees", "review.input.agrees", "agrees", ["yes", "no"]), text("review.input.seen", true),
  ] },
  { id: "suspend", path: "suspend", hotkey: "h", tone: "stop", may: "case.suspend", when: at("correcting", "approved", ...handled), inputs: [
    choice("ground", "review.input.ground", "ground", ["seizure", "dispute", "other"]),
    { key: "entry", kind: "line", label: "review.input.entry", need: false, max: 100, only: { key: "ground", is: ["seizure"] } }, text("review.input.why", true),
  ] },
  { id: "resume", path: "resume", hotkey: "h", tone: "go", may: "case.suspend", when: at("suspended"), inputs: [text("review.input.why", true)] },
  { id: "revoke", path: "revoke", hotkey: "Shift+d", tone: "stop", may: "result.revoke", when: (c, me) => ["approved", "booked", "closed"].includes(c.status) && mine(c, me) && good(c).length > 0, final: true, inputs: [
    { key: "id", kind: "paper", label: "review.input.paper", need: true }, choice("ground", "review.input.ground", "revoke", ["court", "correction", "mistake", "other"]), text("review.input.why", true),
  ] },
];

// Over a counter the receiver signs, and only those who bring in files can keep
// the picture of it: that is the window's way of handing out.
const inputsFor = (r: Rule, me: Me): ActInput[] =>
  (r.inputs ?? []).map((i) => (i.of === "way" && !me.may("material.add") ? { ...i, options: i.options!.filter((o) => o !== "window") } : i));

/** What this person may do with the case now, the next step first. */
export function actsFor(c: Case, me: Me): Act[] {
  const open = rules
    .filter((r) => me.may(r.may) && r.when(c, me))
    .map((r) => {
      const blocked = r.blocked?.(c, me);
      return { id: r.id, path: r.path, hotkey: r.hotkey, tone: r.tone, inputs: inputsFor(r, me), ...(r.final ? { final: true } : {}), ...(blocked ? { blocked } : {}) };
    });
  return [...open.filter((a) => a.tone === "go"), ...open.filter((a) => a.tone !== "go")];
}

export type Typed = Record<string, string | string[]>;

/** The inputs that are asked, given what was typed so far. */
export const asked = (act: Act, typed: Typed): ActInput[] => act.inputs.filter((i) => !i.only || i.only.is.includes(String(typed[i.only.key] ?? "")));

/** What is still missing. */
export const missing = (act: Act, typed: Typed): ActInput[] => asked(act, typed).filter((i) => i.need && !String(typed[i.key] ?? "").trim());

const fixed: Partial<Record<ActId, Record<string, unknown>>> = {
  first_pass: { pass: true }, first_fail: { pass: false }, second_pass: { pass: true }, second_fail: { pass: false }, approve: { approve: true }, reject: { approve: false },
};

/** The body of the command. */
export function bodyOf(act: Act, typed: Typed, c: Case): Record<string, unknown> {
  const body: Record<string, unknown> = { ...fixed[act.id] };
  if (act.id === "take" || act.id === "decline") body["offer"] = c.offer?.id ?? "";
  for (const i of asked(act, typed)) {
    const v = typed[i.key];
    if (i.key === "objection" || i.key === "agrees") body[i.key] = v === "yes";
    else if (Array.isArray(v)) body[i.key] = v;
    else if (v !== undefined && v.trim() !== "") body[i.key] = v.trim();
    else if (i.need) body[i.key] = "";
  }
  return body;
}
