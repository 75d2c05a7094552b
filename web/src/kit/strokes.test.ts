import { expect, test } from "vitest";
import { strokesOf, strokesWrong } from "./strokes";

const line = (n: number, width = 300) => ({ points: Array.from({ length: n }, (_, i) => ({ x: (i * width) / n, y: 50, time: 1000 + i * 10 })) });

test("parts of the field, and times that begin at 0 and never run back", () => {
  const drawn = [{ points: [{ x: 150, y: 30, time: 5000 }, { x: 300, y: -4, time: 5020 }] }, { points: [{ x: 900, y: 120, time: 5010 }] }, { points: [] }];
  expect(strokesOf(drawn, 300, 120)).toEqual([[{ x: 0.5, y: 0.25, t: 0 }, { x: 1, y: 0, t: 20 }], [{ x: 1, y: 1, t: 20 }]]);
});

test.each([
  ["nothing", strokesOf([], 300, 120), "empty"],
  ["a slip", strokesOf([line(3, 20)], 300, 120), "short"],
  ["a name", strokesOf([line(60)], 300, 120), ""],
  ["six minutes", [[{ x: 0, y: 0, t: 0 }, { x: 0.9, y: 0.5, t: 360_000 }]], "long"],
])("%s is judged as '%s'", (_, strokes, want) => {
  expect(strokesWrong(strokes)).toBe(want);
});

test("no more dots than the hub takes, ends kept", () => {
  const s = strokesOf([line(12_001)], 300, 120);
  expect(s[0]!.length).toBeLessThanOrEqual(5001);
  expect(s[0]!.at(-1)!.t).toBe(120_000);
});
