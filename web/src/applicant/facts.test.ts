import { beforeAll, expect, test } from "vitest";
import { loadAreas, setLanguage } from "@/words";
import { factsOf, valueOf } from "./facts";

beforeAll(async () => {
  await loadAreas(["applicant"], "zh-CN");
  await setLanguage("zh-CN");
});

test.each<[unknown, string, string]>([
  [undefined, "text", "未填写"], ["", "text", "未填写"], [0, "number", "0"], [true, "bool", "是"], [8000, "fen", "¥80.00"], [8964, "area", "89.64 ㎡"], ["2026-11-20", "date", "2026年11月20日"], ["2********0", "date", "2********0"],
  ["b", "choice", "乙"], ["z", "choice", "z"], [[{ a: 1, b: "x" }], "list", "1 x"], ["<img src=x>", "text", "<img src=x>"],
])("%j as %s is %s", (v, kind, want) => {
  expect(valueOf(v, { kind, options: [{ key: "b", zh: "乙", en: "B" }] })).toBe(want);
});

test("fields that were not asked are not shown, required ones always are", () => {
  const field = (key: string, required: boolean) => ({ key, kind: "text", required, personal: false, zh: key, en: key });
  expect(factsOf({ form: { a: "1", unknown: 2 } }, [field("a", false), field("b", false), field("c", true)]).map((f) => f.key)).toEqual(["a", "c"]);
});
