// Both languages have the same keys and the same gaps in them; every key that
// the code names exists, and every key is used. Banned words do not creep in.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const here = "src/words";
const areas = readdirSync(here).filter((f) => f.endsWith(".zh-CN.json")).map((f) => f.replace(".zh-CN.json", ""));
const read = (area: string, language: string) => JSON.parse(readFileSync(join(here, `${area}.${language}.json`), "utf8")) as Record<string, string>;
const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((f) => /\.(ts|vue)$/.test(f) && !f.endsWith(".test.ts") && !f.endsWith("schema.d.ts"))
  .map((f) => readFileSync(join("src", f), "utf8"))
  .join("\n");

test.each(areas)("%s: both languages have the same keys and the same values in them", (area) => {
  const [zh, en] = [read(area, "zh-CN"), read(area, "en")];
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  for (const [key, text] of Object.entries(zh)) expect(gaps(en[key] ?? ""), key).toEqual(gaps(text));
});

test.each(areas)("%s: every key begins with its area and is used", (area) => {
  const families = [...sources.matchAll(/word\(["']([\w.]+)["']/g)].map((m) => `${m[1]}.`);
  for (const key of Object.keys(read(area, "zh-CN"))) {
    expect(key.startsWith(`${area}.`), key).toBe(true);
    expect(sources.includes(`"${key}"`) || sources.includes(`'${key}'`) || families.some((f) => key.startsWith(f)), `${key} is not used`).toBe(true);
  }
});

test("no words that tell nothing or blame", () => {
  const zh = /登陆|其它|帐号|亲[，,]|非法|无效|必填|操作失败|未知错误|系统繁忙|请输入|[！]/;
  const en = /please|invalid|required|oops|!/i;
  for (const area of areas) {
    for (const [key, text] of Object.entries(read(area, "zh-CN"))) expect(text, key).not.toMatch(zh);
    for (const [key, text] of Object.entries(read(area, "en"))) expect(text, key).not.toMatch(en);
  }
});
