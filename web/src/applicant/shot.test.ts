import { expect, test } from "vitest";
import { hintsOf } from "./shot";

const size = { width: 2000, height: 1500 };
const picture = (f: (x: number, y: number) => number): Float32Array => Float32Array.from({ length: 100 * 80 }, (_, i) => f(i % 100, Math.floor(i / 100)));

test.each<[string, Float32Array, { width: number; height: number }, string[]]>([
  ["sharp writing", picture((x, y) => ((x >> 1) + (y >> 1)) % 2 ? 240 : 30), size, []],
  ["a dark picture", picture((x) => (x % 2 ? 40 : 20)), size, ["dark"]],
  ["soft shades", picture((x) => 100 + x), size, ["blurred"]],
  ["too few pixels", picture((x, y) => ((x >> 1) + (y >> 1)) % 2 ? 240 : 30), { width: 640, height: 480 }, ["small"]],
])("%s", (_, grey, original, want) => {
  expect(hintsOf(grey, 100, original)).toEqual(want);
});
