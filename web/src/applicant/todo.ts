// What a person must do now (one thing at most), and the way of the case in six
// steps: pure, from what the hub says.
import type { Appointment, Progress } from "./service";

export type Todo = "supplement" | "session" | "confirm" | "papers" | "rate" | "nothing" | "ended";

const over = new Set(["booked", "rejected", "refused", "withdrawn", "closed"]);

/** The one thing to do. `confirm`: the hub lets the person confirm, and he has not. */
export function todoOf(p: Progress, sessions: readonly Appointment[], confirm: boolean, now: number): Todo {
  if (sessions.some((s) => ["open", "formal", "paused"].includes(s.state))) return "session";
  if (p.waits_for_applicant) return "supplement";
  if (sessions.some((s) => ["scheduled", "waiting"].includes(s.state) && Date.parse(s.from) - now < 24 * 3600_000)) return "session";
  if (confirm && p.status === "received") return "confirm";
  const papers = p.results.filter((r) => !r.revoked);
  if (papers.some((r) => !r.given.length)) return "papers";
  if (over.has(p.status)) return p.rate.length ? "rate" : "ended";
  return "nothing";
}

export type StepState = "done" | "now" | "waiting" | "later" | "stopped";
export interface Step {
  key: "receive" | "accept" | "supplement" | "review" | "book" | "papers";
  state: StepState;
  at?: string;
  place?: string;
}

const order: Record<string, number> = {
  received: 1, arrived: 1, correcting: 1, accepted: 2, first_reviewed: 2, second_reviewed: 2, suspended: 2, approved: 3, booked: 4, closed: 5,
};
const kinds: Partial<Record<Step["key"], RegExp>> = {
  receive: /received$/, accept: /accepted$/, supplement: /supplement|correct/, review: /(decided|approved|second)/, book: /booked$/, papers: /(issued|handed|hand_out)/,
};

/** The steps of a case, each done, under way, waiting for the person, or later. */
export function stepsOf(p: Progress): Step[] {
  const stopped = ["rejected", "refused", "withdrawn"].includes(p.status);
  const keys: Step["key"][] = ["receive", "accept", ...(p.waits_for_applicant ? (["supplement"] as const) : []), "review", "book", "papers"];
  const seen = (key: Step["key"]) => [...p.steps].reverse().find((s) => kinds[key]?.test(s.kind) && !/custody/.test(s.kind));
  const accepted = seen("accept") !== undefined;
  const level = stopped ? 0 : p.status === "correcting" && accepted ? 2 : (order[p.status] ?? 1);
  const rank: Record<Step["key"], number> = { receive: 0, accept: 1, supplement: level, review: 2, book: 3, papers: 4 };
  return keys.map((key) => {
    const fact = seen(key);
    const when = fact ? { at: fact.at, place: fact.place.name } : {};
    if (key === "supplement") return { key, state: "waiting" };
    if (key === "receive") return { key, state: "done", ...when };
    if (stopped) return { key, state: fact ? "done" : "stopped", ...when };
    const papersDone = key === "papers" && p.results.length > 0 && p.results.every((r) => r.given.length > 0);
    if (papersDone || rank[key] < level) return { key, state: "done", ...when };
    return { key, state: rank[key] === level && !p.waits_for_applicant ? "now" : "later" };
  });
}
