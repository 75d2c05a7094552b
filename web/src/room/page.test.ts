import { expect, test } from "vitest";
import { nudged, panned, zoomed } from "./page";

const whole = { material: "m", page: 1, zoom: 1, x: 0, y: 0 };

test("zooming keeps the middle and never leaves the page", () => {
  const near = zoomed(zoomed(whole, 2), 2);
  expect([near.zoom, near.x]).toEqual([4, 0.375]);
  expect(zoomed(whole, 0.5).zoom).toBe(1);
  expect(zoomed({ ...whole, zoom: 7 }, 2).zoom).toBe(8);
  expect(zoomed({ ...whole, zoom: 2, x: 0.5, y: 0.75 }, 0.5)).toMatchObject({ zoom: 1, x: 0 });
});

test("a page that is whole in width does not move sideways", () => {
  expect(panned(whole, "ArrowRight").x).toBe(0);
  expect(panned(whole, "ArrowDown").y).toBe(0.2);
});

test.each(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"])("%s keeps a region on the page, however often", (key) => {
  for (const size of [false, true]) {
    let r: [number, number, number, number] = [0.5, 0.5, 0.2, 0.2];
    for (let i = 0; i < 200; i++) r = nudged(r, key, size, 0.05);
    expect(r[0] >= 0 && r[1] >= 0 && r[2] > 0 && r[3] > 0 && r[0] + r[2] <= 1.0001 && r[1] + r[3] <= 1.0001, String(r)).toBe(true);
  }
});
