import { expect, test } from "vitest";
import { month } from "./year";

const plan = { year: 2026, days: [{ day: "2026-01-01", worked: false }, { day: "2026-01-04", worked: true, own: true }] };

test("weeks begin on Monday and hold each day once", () => {
  const weeks = month(plan, 1);
  expect(weeks[0]!.map((d) => d?.day ?? 0)).toEqual([0, 0, 0, 1, 2, 3, 4]);
  expect(weeks.flat().filter(Boolean)).toHaveLength(31);
  expect(month(plan, 2).flat().filter(Boolean)).toHaveLength(28);
  expect(month({ year: 2028, days: [] }, 2).flat().filter(Boolean)).toHaveLength(29);
});

test("holidays and make-up days are marked, weekends are off without a mark", () => {
  const days = month(plan, 1).flat();
  const of = (n: number) => days.find((d) => d?.day === n)!;
  expect(of(1)).toMatchObject({ worked: false, mark: "off", own: false });
  expect(of(4)).toMatchObject({ worked: true, mark: "work", own: true });
  expect(of(3)).toMatchObject({ worked: false, mark: "" });
  expect(of(5)).toMatchObject({ worked: true, mark: "" });
});
