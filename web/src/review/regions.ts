// Rectangles on pages, as fractions of the page as it lies in the file: turning
// the view does not change them.
export type Rect = [x: number, y: number, width: number, height: number];
export type Turn = 0 | 90 | 180 | 270;

const least = 0.01;
const round = (n: number): number => Math.round(n * 10_000) / 10_000;
const within = (n: number, low: number, high: number): number => Math.min(Math.max(n, low), high);

/** Keeps a rectangle on the page and no smaller than can be seen. */
export function fit([x, y, w, h]: Rect): Rect {
  const width = within(w, least, 1);
  const height = within(h, least, 1);
  return [round(within(x, 0, 1 - width)), round(within(y, 0, 1 - height)), round(width), round(height)];
}

export interface Point { x: number; y: number }

/** The rectangle between two points, whichever was first. */
export const between = (a: Point, b: Point): Rect => fit([Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)]);

/** Where a point of the turned view lies on the page. */
export function toPage({ x, y }: Point, turn: Turn): Point {
  if (turn === 90) return { x: y, y: 1 - x };
  if (turn === 180) return { x: 1 - x, y: 1 - y };
  if (turn === 270) return { x: 1 - y, y: x };
  return { x, y };
}

/** And where a point of the page lies in the turned view. */
export const toView = (p: Point, turn: Turn): Point => toPage(p, ((360 - turn) % 360) as Turn);

const corners = ([x, y, w, h]: Rect): [Point, Point] => [{ x, y }, { x: x + w, y: y + h }];
const turned = (r: Rect, how: (p: Point) => Point): Rect => {
  const [a, b] = corners(r).map(how) as [Point, Point];
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
};
export const viewRect = (r: Rect, turn: Turn): Rect => turned(r, (p) => toView(p, turn));
const pageRect = (r: Rect, turn: Turn): Rect => turned(r, (p) => toPage(p, turn));

/**
 * An arrow key on a rectangle: moves it 1 % of what is seen, with Shift 5 %;
 * with Ctrl its lower right corner moves instead. Null when it is no arrow.
 */
export function nudge(r: Rect, key: string, how: { shift: boolean; ctrl: boolean }, turn: Turn): Rect | null {
  const d = how.shift ? 0.05 : 0.01;
  const step = ({ ArrowLeft: [-d, 0], ArrowRight: [d, 0], ArrowUp: [0, -d], ArrowDown: [0, d] } as Record<string, [number, number]>)[key];
  if (!step) return null;
  const [x, y, w, h] = viewRect(r, turn);
  const next: Rect = how.ctrl ? [x, y, within(w + step[0], least, 1 - x), within(h + step[1], least, 1 - y)] : [x + step[0], y + step[1], w, h];
  return fit(pageRect(fit(next), turn));
}

/** Where on the page it is, for people who do not see it. */
export function placeOf([x, y, w, h]: Rect): { across: "left" | "middle" | "right"; down: "top" | "middle" | "bottom" } {
  const third = (n: number) => (n < 1 / 3 ? 0 : n < 2 / 3 ? 1 : 2);
  return { across: (["left", "middle", "right"] as const)[third(x + w / 2)]!, down: (["top", "middle", "bottom"] as const)[third(y + h / 2)]! };
}
