import { describe, expect, test } from "vitest";
import { between, fit, nudge, placeOf, toPage, toView, viewRect, type Rect, type Turn } from "./regions";

const turns: Turn[] = [0, 90, 180, 270];
const inside = ([x, y, w, h]: Rect) => x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 1.0001 && y + h <= 1.0001;

test("a point comes back from every turn", () => {
  for (const turn of turns) {
    for (let i = 0; i < 200; i++) {
      const p = { x: Math.random(), y: Math.random() };
      const back = toPage(toView(p, turn), turn);
      expect(back.x).toBeCloseTo(p.x);
      expect(back.y).toBeCloseTo(p.y);
    }
  }
});

test("turning a view a quarter shows the upper left corner in the upper right", () => {
  expect(toView({ x: 0, y: 0 }, 90)).toEqual({ x: 1, y: 0 });
  expect(viewRect([0, 0, 0.2, 0.1], 90).map((n) => Number(n.toFixed(4)))).toEqual([0.9, 0, 0.1, 0.2]);
});

test("whatever is drawn or pushed stays on the page", () => {
  for (let i = 0; i < 500; i++) {
    const r = between({ x: Math.random(), y: Math.random() }, { x: Math.random(), y: Math.random() });
    expect(inside(r)).toBe(true);
    let moved = r;
    for (let k = 0; k < 30; k++) {
      const key = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"][Math.floor(Math.random() * 4)]!;
      moved = nudge(moved, key, { shift: Math.random() > 0.5, ctrl: Math.random() > 0.5 }, turns[k % 4]!)!;
      expect(inside(moved), JSON.stringify(moved)).toBe(true);
    }
  }
  expect(fit([-1, 2, 0, 5])).toEqual([0, 0, 0.01, 1]);
});

describe("nudge", () => {
  test.each<[string, string, { shift: boolean; ctrl: boolean }, Turn, Rect]>([
    ["right", "ArrowRight", { shift: false, ctrl: false }, 0, [0.41, 0.4, 0.2, 0.1]],
    ["down by more", "ArrowDown", { shift: true, ctrl: false }, 0, [0.4, 0.45, 0.2, 0.1]],
    ["wider", "ArrowRight", { shift: false, ctrl: true }, 0, [0.4, 0.4, 0.21, 0.1]],
    ["right, as seen on a page turned a quarter", "ArrowRight", { shift: false, ctrl: false }, 90, [0.4, 0.39, 0.2, 0.1]],
    ["right, as seen upside down", "ArrowRight", { shift: false, ctrl: false }, 180, [0.39, 0.4, 0.2, 0.1]],
  ])("%s", (_, key, how, turn, want) => {
    const got = nudge([0.4, 0.4, 0.2, 0.1], key, how, turn)!;
    got.forEach((n, i) => expect(n).toBeCloseTo(want[i]!));
  });
  test("other keys are none of its business", () => expect(nudge([0, 0, 0.1, 0.1], "Enter", { shift: false, ctrl: false }, 0)).toBeNull());
});

test("where it is, in words", () => {
  expect(placeOf([0.7, 0.8, 0.2, 0.1])).toEqual({ across: "right", down: "bottom" });
  expect(placeOf([0.35, 0.35, 0.3, 0.3])).toEqual({ across: "middle", down: "middle" });
});
