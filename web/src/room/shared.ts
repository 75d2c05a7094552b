// The messages of the room that pass from one to all: which page is shown, the
// pointer, marks, chat, captions, hands. The form is that of hub/session/share.go.
// What comes from others is read with suspicion; what does not fit is dropped.

export interface Show { material: string; page: number; zoom: number; x: number; y: number }
export interface Point { x: number; y: number; off?: boolean }
export type Rect = [number, number, number, number];
export interface Mark { id: string; material: string; page: number; rect: Rect; off?: boolean }

export interface Parts {
  show: Show;
  point: Point;
  mark: Mark;
  chat: { text: string };
  caption: { text: string; lang?: string };
  hand: { up: boolean };
}
export type Kind = keyof Parts;
export type Shared = { [K in Kind]: { kind: K; part: Parts[K] } }[Kind];

/** The message as it goes out. */
export const shared = <K extends Kind>(kind: K, part: Parts[K]): Record<string, unknown> => ({ v: 1, kind, [kind]: part });

type Raw = Record<string, unknown>;
const isRaw = (v: unknown): v is Raw => typeof v === "object" && v !== null && !Array.isArray(v);
const part = (v: unknown): v is number => typeof v === "number" && v >= 0 && v <= 1;
const text = (v: unknown, most: number): v is string => typeof v === "string" && v.length > 0 && [...v].length <= most;
const page = (p: Raw): boolean => text(p["material"], 60) && Number.isInteger(p["page"]) && (p["page"] as number) >= 1 && (p["page"] as number) <= 10_000;

function isRect(v: unknown): v is Rect {
  if (!Array.isArray(v) || v.length !== 4 || !v.every(part)) return false;
  const [x, y, w, h] = v as Rect;
  return w > 0 && h > 0 && x + w <= 1.0001 && y + h <= 1.0001;
}

const checks: Record<Kind, (p: Raw) => boolean> = {
  show: (p) => page(p) && typeof p["zoom"] === "number" && p["zoom"] >= 0.1 && p["zoom"] <= 20 && part(p["x"]) && part(p["y"]),
  point: (p) => part(p["x"]) && part(p["y"]),
  mark: (p) => text(p["id"], 40) && (p["off"] === true || (page(p) && isRect(p["rect"]))),
  chat: (p) => text(p["text"], 1000),
  caption: (p) => text(p["text"], 1000),
  hand: (p) => typeof p["up"] === "boolean",
};

/** Reads a message of somebody else; null when it is none of ours. */
export function parseShared(data: unknown): Shared | null {
  if (!isRaw(data) || data["v"] !== 1) return null;
  const kind = data["kind"] as Kind;
  if (!Object.hasOwn(checks, kind)) return null;
  const p = data[kind];
  return isRaw(p) && checks[kind](p) ? ({ kind, part: p } as unknown as Shared) : null;
}
