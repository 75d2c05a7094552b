import { expect, test } from "vitest";
import { bar, gone, grid, isStuck, levelOf, sum, type Place } from "./board";

const place = (agency: string, running: number, half: number, eighty: number, overdue: number): Place => ({ agency, here: "handling", running, half, eighty, overdue });

test("a place is as urgent as its worst case", () => {
  expect(levelOf(place("a", 3, 0, 0, 0))).toBe(0);
  expect(levelOf(place("a", 3, 1, 0, 0))).toBe(50);
  expect(levelOf(place("a", 3, 1, 1, 0))).toBe(80);
  expect(levelOf(place("a", 3, 1, 1, 1))).toBe(100);
});

test("bars fill their width without gaps, the worst first", () => {
  const parts = bar(place("a", 10, 2, 1, 3));
  expect(parts.map((p) => p.level)).toEqual([100, 80, 50, 0]);
  parts.reduce((x, p) => (expect(p.x).toBeCloseTo(x), x + p.width), 0);
  expect(parts.reduce((n, p) => n + p.width, 0)).toBeCloseTo(100);
  expect(bar(place("a", 0, 0, 0, 0))).toEqual([]);
});

test("sums, times and the grid", () => {
  expect(sum([place("a", 3, 1, 0, 1), place("b", 4, 0, 2, 0)])).toEqual({ running: 7, half: 1, eighty: 2, overdue: 1 });
  expect(gone("2026-01-01T00:00:00Z", "2026-01-01T02:05:30Z")).toEqual({ hours: 2, minutes: 5 });
  expect(isStuck("2026-01-01T00:00:00Z", "2026-01-01T01:59:59Z")).toBe(false);
  expect(isStuck("2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z")).toBe(true);
  expect(grid([place("440305.r", 1, 0, 0, 0), place("410425.r", 1, 0, 0, 0), place("440106.r", 1, 0, 0, 0)]).map((r) => [r.province, r.places.length])).toEqual([["41", 1], ["44", 2]]);
});
