// What the board shows, put together from what the hub counts.
import type { View } from "@/api/types";
import type { Tone } from "@/kit/StatusTag.vue";

export type Place = View["PlaceCountView"];

/** How urgent a place is: the worst level of its cases. */
export function levelOf(p: Place): 0 | 50 | 80 | 100 {
  if (p.overdue) return 100;
  if (p.eighty) return 80;
  return p.half ? 50 : 0;
}

export const tones: Record<number, Tone> = { 0: "ok", 50: "info", 80: "warn", 100: "error" };

export interface Sum {
  running: number;
  half: number;
  eighty: number;
  overdue: number;
}

export const sum = (places: readonly Place[]): Sum =>
  places.reduce((s, p) => ({ running: s.running + p.running, half: s.half + p.half, eighty: s.eighty + p.eighty, overdue: s.overdue + p.overdue }), { running: 0, half: 0, eighty: 0, overdue: 0 });

/** An offer is stuck when nobody has answered it for this long. */
export const stuckAfter = 2 * 3600_000;

export const isStuck = (updated: string, now: string): boolean => Date.parse(now) - Date.parse(updated) >= stuckAfter;

/** Hours and minutes that have gone by, for "2 h 05 min". */
export function gone(from: string, now: string): { hours: number; minutes: number } {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(from)) / 60_000));
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

/** The parts of a bar of width 100: overdue, soon, half, rest. */
export function bar(p: Sum): { level: number; x: number; width: number }[] {
  if (!p.running) return [];
  const parts = [[100, p.overdue], [80, p.eighty], [50, p.half], [0, p.running - p.overdue - p.eighty - p.half]] as const;
  let x = 0;
  return parts.filter(([, n]) => n > 0).map(([level, n]) => {
    const width = (100 * n) / p.running;
    const at = x;
    x += width;
    return { level, x: at, width };
  });
}

/**
 * Places on a grid by the code of their division, so that neighbours in code
 * (one province) stand in one row; no map of China is drawn, and none is needed.
 */
export function grid<T extends { agency: string }>(places: readonly T[]): { province: string; places: T[] }[] {
  const rows = new Map<string, T[]>();
  for (const p of [...places].sort((a, b) => a.agency.localeCompare(b.agency))) {
    const province = p.agency.slice(0, 2);
    rows.set(province, [...(rows.get(province) ?? []), p]);
  }
  return [...rows].map(([province, all]) => ({ province, places: all }));
}
