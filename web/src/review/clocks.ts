// How near the end of a case's running clock is, in words and in a tone.
import type { Tone } from "@/kit/StatusTag.vue";
import { t } from "@/words";
import { clock, short } from "@/words/format";
import type { Row } from "./types";

export type Level = 0 | 50 | 80 | 100;
type Timed = Pick<Row, "clock" | "due" | "half" | "eighty">;

/** As the hub says it (hub.Row.Level): how far the clock is, in percent. */
export function levelOf(row: Timed, now: number): Level {
  if (!row.clock || !row.due) return 0;
  if (now >= Date.parse(row.due)) return 100;
  if (row.eighty && now >= Date.parse(row.eighty)) return 80;
  if (row.half && now >= Date.parse(row.half)) return 50;
  return 0;
}

export const toneOfLevel = (level: Level): Tone => (({ 0: "plain", 50: "info", 80: "warn", 100: "error" }) as const)[level];

const beijingDay = (ms: number): number => Math.floor((ms + 8 * 3_600_000) / 86_400_000);

/** 超时 2 小时 · 今天 15:30 · 明天 17:00 · 12-08 17:00; empty when no clock runs. */
export function dueWords(row: Timed, now: number): string {
  if (!row.clock || !row.due) return "";
  const due = Date.parse(row.due);
  if (due <= now) {
    const hours = Math.floor((now - due) / 3_600_000);
    if (hours < 1) return t("review.due.over_minutes", { n: Math.max(1, Math.floor((now - due) / 60_000)) });
    return hours < 48 ? t("review.due.over_hours", { n: hours }) : t("review.due.over_days", { n: Math.floor(hours / 24) });
  }
  const days = beijingDay(due) - beijingDay(now);
  if (days === 0) return t("review.due.today", { at: clock(row.due) });
  if (days === 1) return t("review.due.tomorrow", { at: clock(row.due) });
  return short(row.due);
}

/** Less than an hour is left. */
export const isUrgent = (row: Timed, now: number): boolean => !!row.clock && !!row.due && Date.parse(row.due) - now < 3_600_000;

/** The most urgent first; what has no clock last. */
export function byDue(a: Timed, b: Timed): number {
  const at = (r: Timed) => (r.clock && r.due ? Date.parse(r.due) : Number.MAX_SAFE_INTEGER);
  return at(a) - at(b);
}
