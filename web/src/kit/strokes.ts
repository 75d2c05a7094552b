// Signatures as the hub keeps them: strokes of dots, each x and y as parts of the
// field (y downwards) with the milliseconds since the first dot. The limits are
// those of hub/session/stroke.go; the hub judges again.

export interface Dot {
  x: number;
  y: number;
  t: number;
}
export type Stroke = Dot[];

const most = 5000; // dots
const longest = 5 * 60_000; // ms
const shortest = 0.15; // drawn in all, as part of the width: less is a slip of the finger

interface Drawn {
  points: readonly { x: number; y: number; time: number }[];
}

const part = (v: number, whole: number): number => Math.round(Math.min(1, Math.max(0, v / whole)) * 1e4) / 1e4;

/** Turns what was drawn on a field of this many pixels into strokes. */
export function strokesOf(drawn: readonly Drawn[], width: number, height: number): Stroke[] {
  const first = drawn[0]?.points[0]?.time ?? 0;
  let last = 0;
  const all = drawn.filter((d) => d.points.length > 0).map((d) =>
    d.points.map((p) => ({ x: part(p.x, width), y: part(p.y, height), t: (last = Math.max(last, Math.round(p.time - first))) })));
  const dots = all.reduce((n, s) => n + s.length, 0);
  const every = Math.ceil(dots / most); // a very slow hand: every second dot says the same
  return every <= 1 ? all : all.map((s) => s.filter((_, i) => i % every === 0 || i === s.length - 1));
}

/** Why it cannot count as a signature; "" when it can. */
export function strokesWrong(strokes: readonly Stroke[]): "" | "empty" | "short" | "long" {
  if (strokes.length === 0) return "empty";
  let length = 0;
  for (const s of strokes) s.forEach((d, i) => i > 0 && (length += Math.hypot(d.x - s[i - 1]!.x, (d.y - s[i - 1]!.y) * 0.4)));
  if (length < shortest) return "short";
  return (strokes.at(-1)?.at(-1)?.t ?? 0) > longest ? "long" : "";
}
