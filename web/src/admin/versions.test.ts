import { expect, test } from "vitest";
import { before, keyOf, ordered, type Version } from "./versions";

const v = (item: string, agency: string, version: number): Version =>
  ({ item, agency, version, state: "published", from: "2026-01-01", name_zh: item, name_en: item, digest: "sha256:0" });
const all = [v("b", "", 1), v("a", "x", 1), v("a", "", 2), v("a", "x", 3), v("a", "", 1), v("a", "y", 1)];

test("the base comes first and the newest version before older ones", () => {
  expect(ordered(all).map(keyOf)).toEqual(["a||2", "a||1", "a|x|3", "a|x|1", "a|y|1", "b||1"]);
});

test("a version is compared with its own before, else with the base", () => {
  expect(keyOf(before(v("a", "x", 3), all)!)).toBe("a|x|1");
  expect(keyOf(before(v("a", "y", 1), all)!)).toBe("a||2");
  expect(keyOf(before(v("a", "", 2), all)!)).toBe("a||1");
  expect(before(v("b", "", 1), all)).toBeUndefined();
});
