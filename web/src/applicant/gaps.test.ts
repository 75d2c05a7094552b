import { beforeAll, expect, test } from "vitest";
import type { Case } from "@/api/types";
import { loadAreas, setLanguage } from "@/words";
import { gapsOf } from "./gaps";

beforeAll(async () => {
  await loadAreas(["applicant"], "zh-CN");
  await setLanguage("zh-CN");
});

const standard = { fields: [{ key: "price", zh: "成交价", en: "price" }], slots: [{ key: "certificate", zh: "不动产权证书", en: "certificate" }] } as never;
const round = (answered: boolean, gaps: unknown[], notes = {}) => ({ answered, gaps, notes });
const of = (supplements: unknown[]) => ({ supplements, materials: [{ id: "m1", slot: "certificate", name: "<b>x</b>.pdf" }] }) as unknown as Case;

test("no notice, or one that is answered: nothing to do", () => {
  expect(gapsOf(of([]), standard)).toEqual([]);
  expect(gapsOf(of([round(true, [{ id: "g", target: "slot", ref: "certificate", reason: "outdated" }])]), standard)).toEqual([]);
});

test("a region names its paper and page and keeps its rectangle; a field is no photo", () => {
  const gaps = gapsOf(of([round(false, [
    { id: "g1", target: "region", ref: "m1", reason: "incomplete", page: 2, rect: [0.1, 0.2, 0.3, 0.4] },
    { id: "g2", target: "field", ref: "price", reason: "incorrect" },
    { id: "g3", target: "slot", ref: "unknown", reason: "outdated" },
  ], { g1: "缺附图页" })]), standard);
  expect(gaps.map((g) => [g.title, g.note, g.photo, g.rect])).toEqual([
    ["不动产权证书，第 2 页", "缺附图页", true, [0.1, 0.2, 0.3, 0.4]], ["成交价", "", false, null], ["unknown", "", true, null],
  ]);
});
