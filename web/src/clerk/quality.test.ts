import { expect, test } from "vitest";
import { grey, judgePicture } from "./quality";

const [w, h] = [200, 280];
const large = { width: 2000, height: 2800 };

/** Lines like writing, `soft` times smeared; `light` is the paper. */
function page(light: number, ink: number, soft = 0): Float32Array {
  let g = new Float32Array(w * h);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) g[y * w + x] = y % 12 < 5 && (x * 7 + y) % 5 < 2 && x > 20 && x < 180 ? ink : light;
  for (let n = 0; n < soft; n++) {
    const out = g.slice();
    for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) out[y * w + x] = (g[y * w + x]! * 2 + g[y * w + x - 1]! + g[y * w + x + 1]! + g[(y - 1) * w + x]! + g[(y + 1) * w + x]!) / 6;
    g = out;
  }
  return g;
}

test.each([
  ["a sharp scan", page(245, 30), large, []],
  ["a blurred one", page(245, 120, 14), large, ["blurred"]],
  ["a dark one", page(60, 5), large, ["dark"]],
  ["an empty page", page(250, 250), large, ["blank"]],
  ["too few pixels", page(245, 30), { width: 400, height: 560 }, ["small"]],
])("%s", (_, g, original, want) => expect(judgePicture(g, w, h, original)).toEqual(want));

test("grey weighs the colours as eyes do", () => {
  expect([...grey(new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255]))].map(Math.round)).toEqual([255, 0]);
});
