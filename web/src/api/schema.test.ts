import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the types are those of the description that the hub serves", () => {
  const description = readFileSync("../hub/api/testdata/openapi.json");
  const digest = createHash("sha256").update(description).digest("hex");
  const [first] = readFileSync("src/api/schema.d.ts", "utf8").split("\n");
  expect(first, "run `npm --prefix openapi ci && npm run types` in web/").toContain(`sha256:${digest}`);
});
