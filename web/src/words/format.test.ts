import { afterAll, expect, test } from "vitest";
import { setLanguage } from "./index";
import { day, idGroups, list, moment, money, pair, short, size, unitGroups } from "./format";

afterAll(() => setLanguage("zh-CN"));

test("Chinese: Beijing time, 年月日, ¥", () => {
  expect(day("2026-12-07T16:30:00Z")).toBe("2026年12月8日");
  expect(moment("2026-12-08T09:00:00Z")).toBe("2026年12月8日 17:00");
  expect(short("2026-12-08T09:05:00Z")).toBe("12-08 17:05");
  expect(money(8000)).toBe("¥80.00");
  expect(pair("价格", "对不上")).toBe("价格：对不上");
  expect(list(["甲", "", "乙"])).toBe("甲、乙");
});

test("English says the same in its own form", async () => {
  await setLanguage("en");
  expect(moment("2026-12-08T09:00:00Z")).toBe("8 December 2026, 17:00");
  expect(money(68_000_000)).toBe("CNY 680,000.00");
  expect(pair("Price", "")).toBe("Price");
});

test("long numbers fall into their groups, whole or not", () => {
  expect(unitGroups("410425001002GB00003F00050021")).toEqual(["410425", "001002", "GB00003", "F00050021"]);
  expect(unitGroups("4104250")).toEqual(["410425", "0"]);
  expect(idGroups("410425199003071231")).toEqual(["410425", "19900307", "1231"]);
  expect(size(73_400_000)).toBe("73.4 MB");
});
