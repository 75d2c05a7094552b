// What the record of a case says: in words, whether it hangs together, and what
// is new since somebody looked.
import { t, word } from "@/words";
import type { Event } from "./types";

export interface Link { ok: boolean; count: number; at: number }

/**
 * Whether every event names the one before and the last is the head of the
 * case. Signatures are for the hub and for `hub verify`; `at` is the first event
 * that does not fit.
 */
export function linked(events: readonly Event[], head: string): Link {
  let before = "";
  for (const [i, e] of events.entries()) {
    if (e.seq !== i + 1 || (e.prev ?? "") !== before) return { ok: false, count: events.length, at: e.seq };
    before = e.hash;
  }
  return { ok: before === head, count: events.length, at: before === head ? 0 : events.length };
}

/** What is new since a version. */
export const since = (events: readonly Event[], seq: number): Event[] => events.filter((e) => e.seq > seq);

type Data = Record<string, unknown>;

/** What happened, in a few words: 初审：不通过. */
export function eventWords(e: Pick<Event, "kind" | "data">, slot: (key: string) => string = (k) => k): string {
  const d = (typeof e.data === "object" && e.data !== null ? e.data : {}) as Data;
  const what = word("review.kind", e.kind);
  const more = typeof d["slot"] === "string" ? slot(d["slot"]) : detail(e.kind, d);
  return more ? t("review.event.with", { what, more }) : what;
}

function detail(kind: string, d: Data): string {
  switch (kind) {
    case "review.first":
    case "review.second":
      return t(d["pass"] === false ? "review.event.fails" : "review.event.passes");
    case "case.decided":
      return t(d["approve"] === false ? "review.event.rejected" : "review.event.approved");
    case "supplement.asked":
      return t("review.event.gaps", { n: Array.isArray(d["gaps"]) ? d["gaps"].length : 0, round: Number(d["round"] ?? 1) });
    case "custody.declined":
      return word("review.decline", String(d["code"] ?? "other"));
    case "case.refused":
      return word("review.refuse", String(d["code"] ?? "other"));
    case "clock.run_out":
      return word("review.clock", String(d["clock"] ?? ""));
    default:
      return "";
  }
}
