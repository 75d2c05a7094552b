// Writes src/api/schema.d.ts from the description that the hub serves and a Go
// test holds to the code. The first line names the description's digest; a
// test of src/api compares it, so that a forgotten run is found.
// A package of its own: the generator wants an older TypeScript than ours.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const description = new URL("../../hub/api/testdata/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);

const text = await readFile(description);
const digest = createHash("sha256").update(text).digest("hex");
const ast = await openapiTS(JSON.parse(text), { alphabetize: false });
await writeFile(target, `// Made by \`npm run types\` from openapi.json sha256:${digest}. Do not edit.\n${astToString(ast)}`);
console.log(`wrote ${target.pathname}`);
