import { expect, test } from "vitest";
import type { Standard } from "@/api/types";
import { fieldId, judgeForm, judgeParties, messages, named } from "./wrong";

const text = { type: "string", minLength: 1, maxLength: 200, format: "plain" };
const std = {
  digest: "sha256:1",
  fields: [
    { key: "certificate", kind: "certificate", zh: "不动产权证号", en: "Certificate" },
    { key: "price", kind: "fen", zh: "成交价格（分）", en: "Price (fen)" },
    { key: "heirs", kind: "list", zh: "继承人", en: "Heirs", columns: [{ key: "name", kind: "text", zh: "姓名", en: "Name" }] },
  ],
  parties: [{ role: "seller", zh: "转让方", en: "Seller", min: 1, max: 2 }],
  rules: [{ key: "price", pointer: "/form/price", zh: "成交价格应大于零", en: "the price is more than nothing" }],
  schema: {
    type: "object", required: ["certificate", "price"], additionalProperties: false,
    properties: {
      certificate: { type: "string", format: "certificate" }, price: { type: "integer", minimum: 0 },
      heirs: { type: "array", items: { type: "object", required: ["name"], properties: { name: text } } },
    },
  },
  parties_schema: {
    type: "array",
    items: { type: "object", required: ["name", "id_number"], properties: { name: text, id_number: { type: "string" } }, allOf: [{ if: { properties: { id_kind: { const: "citizen_id" } }, required: ["id_kind"] }, then: { properties: { id_number: { format: "citizen_id" } } } }] },
  },
} as unknown as Standard;

test("each cause has its own sentence, in the order of the page", () => {
  const form = judgeForm(std, { price: "六十八万", heirs: [{}] });
  const parties = judgeParties(std, [{ role: "seller", name: " ", id_kind: "citizen_id", id_number: "410425199003071230" }]);
  const all = named(std, [...form, ...parties, { pointer: "/parties", code: "count_seller" }, { pointer: "/form/price", code: "rule_price" }]);
  expect(all.map((n) => n.message)).toEqual([
    "填写第 1 人 姓名或名称",
    "第 1 人 证件号码的最后一位对不上，核对每一位",
    "还要一位转让方",
    "填写不动产权证号",
    "成交价格写成数字，如 680000.00",
    "成交价格应大于零",
    "填写继承人 第 1 行 姓名",
  ]);
});

test("the message of a field is its first one, and leads to it", () => {
  const all = named(std, [{ pointer: "/form/price", code: "type" }, { pointer: "/form/price", code: "rule_price" }]);
  expect(messages(all)["/form/price"]).toBe("成交价格写成数字，如 680000.00");
  expect(fieldId("/parties/0/id_number")).toBe("f-parties-0-id_number");
});

test("what nobody has words for is told in the hub's", () => {
  expect(named(std, [{ pointer: "/form/price", code: "strange", message: "不明原因" }])[0]?.message).toBe("成交价格：不明原因");
});
