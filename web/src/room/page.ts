// Moving on a page, and moving a region by keys: pure.
import type { Rect, Show } from "./shared";

const round = (v: number): number => Math.round(v * 1e4) / 1e4;
const within = (v: number, most: number): number => round(Math.min(Math.max(0, v), Math.max(0, most)));

/** Larger or smaller around what is in the middle; never smaller than the width. */
export function zoomed(s: Show, by: number): Show {
  const zoom = round(Math.min(8, Math.max(1, s.zoom * by)));
  const middle = 0.5 / s.zoom;
  return { ...s, zoom, x: within(s.x + middle - 0.5 / zoom, 1 - 1 / zoom), y: within(s.y + middle - 0.5 / zoom, 1 - 0.5 / zoom) };
}

export function panned(s: Show, key: string): Show {
  const step = 0.2 / s.zoom;
  const dx = key === "ArrowRight" ? step : key === "ArrowLeft" ? -step : 0;
  const dy = key === "ArrowDown" ? step : key === "ArrowUp" ? -step : 0;
  return { ...s, x: within(s.x + dx, 1 - 1 / s.zoom), y: within(s.y + dy, 1 - 0.5 / s.zoom) };
}

/** An arrow moves the region, with Ctrl it changes its size; it stays on the page. */
export function nudged([x, y, w, h]: Rect, key: string, size: boolean, step: number): Rect {
  const dx = key === "ArrowRight" ? step : key === "ArrowLeft" ? -step : 0;
  const dy = key === "ArrowDown" ? step : key === "ArrowUp" ? -step : 0;
  if (size) return [x, y, Math.max(0.02, within(w + dx, 1 - x)), Math.max(0.02, within(h + dy, 1 - y))];
  return [within(x + dx, 1 - w), within(y + dy, 1 - h), w, h];
}
