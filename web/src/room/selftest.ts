// The self-test's judgement: what was found out about the device and the line
// becomes a score, and for each weak point one advice in plain words.
import type { Tested } from "./service";

export interface Found {
  camera: boolean;
  mic: boolean;
  level: number; // loudest heard, 0 to 1
  sees: boolean | null; // what the person says: sees himself, hears the tone
  hears: boolean | null;
  rtt: number; // ms; 0 unknown
  jitter: number; // ms
  kbps: number; // 0 unknown
}

export type Advice = "camera" | "mic" | "silent" | "unseen" | "unheard" | "far" | "unsteady" | "narrow";

const quiet = 0.04;

export function adviceFor(f: Found): Advice[] {
  const a: Advice[] = [];
  if (!f.camera) a.push("camera");
  else if (f.sees === false) a.push("unseen");
  if (!f.mic) a.push("mic");
  else if (f.level < quiet) a.push("silent");
  if (f.hears === false) a.push("unheard");
  if (f.rtt >= 400) a.push("far");
  if (f.jitter >= 120) a.push("unsteady");
  if (f.kbps > 0 && f.kbps < 500) a.push("narrow");
  return a;
}

const cost: Record<Advice, number> = { camera: 40, mic: 50, silent: 30, unseen: 25, unheard: 30, far: 15, unsteady: 20, narrow: 25 };

/** 0 to 100. */
export const points = (f: Found): number => Math.max(0, 100 - adviceFor(f).reduce((n, a) => n + cost[a], 0));

export const scoreOf = (n: number): Tested["score"] => (n >= 85 ? "good" : n >= 50 ? "okay" : "bad");

export const tested = (f: Found): Tested => ({
  score: scoreOf(points(f)), camera: f.camera, mic: f.mic && f.level >= quiet, speaker: f.hears === true, kbps: Math.round(f.kbps), round_ms: Math.round(f.rtt),
});

/** Middle and spread of round trips, in ms; the first, which opens the line, does not count. */
export function roundTrips(ms: readonly number[]): { rtt: number; jitter: number } {
  const sorted = ms.slice(1).sort((a, b) => a - b);
  if (!sorted.length) return { rtt: ms[0] ?? 0, jitter: 0 };
  return { rtt: sorted[Math.floor(sorted.length / 2)]!, jitter: sorted.at(-1)! - sorted[0]! };
}
