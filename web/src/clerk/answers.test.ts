import { expect, test } from "vitest";
import { answer, hundredths, labelOf, ofHundredths, shown } from "./answers";

test.each([
  ["68万", null], ["", null], ["-1", null], ["1.234", null], ["1e5", null], ["12345678901234", null],
  ["680000", 68_000_000], ["680,000.5", 68_000_050], ["６８０，０００．００", 68_000_000], [" 89.64 ", 8964], ["0", 0],
])("a sum or an area is read: %s", (text, want) => expect(hundredths(text)).toBe(want));

test("what is shown of a number is read as the same number", () => {
  for (let i = 0; i < 2000; i++) {
    const n = Math.floor(Math.random() ** 3 * 1e14);
    expect(hundredths(ofHundredths(n)), String(n)).toBe(n);
  }
});

test("what cannot be read stays as it was typed", () => {
  expect(answer({ kind: "fen" }, "六十八万")).toBe("六十八万");
  expect(shown({ kind: "fen" }, "六十八万")).toBe("六十八万");
  expect(answer({ kind: "text" }, "  ")).toBeUndefined();
  expect(answer({ kind: "integer" }, "1,024")).toBe(1024);
  expect(shown({ kind: "integer" }, 1024)).toBe("1024");
});

test("people count in yuan and square metres", () => {
  expect(labelOf({ zh: "成交价格（分）", en: "Price (fen)" })).toBe("成交价格");
  expect(labelOf({ zh: "建筑面积（0.01 平方米）", en: "Floor area (0.01 m²)" })).toBe("建筑面积");
});
