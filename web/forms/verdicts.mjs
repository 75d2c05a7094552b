// Reads a list of {schema, values} as JSON and writes, for each value, what two
// validators find wrong: the browser's own, and ajv, which others wrote and
// which knows nothing of it. A test of cmd/hub/seed compares both with the hub.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { formats } from "./formats.mjs";
import { at, judge, prepare, reasons } from "./judge.mjs";

function byAjv(schema) {
  const ajv = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false, verbose: true });
  ajv.addKeyword("x-ui");
  for (const [name, why] of Object.entries(formats)) ajv.addFormat(name, (text) => why(text) === "");
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    const found = [];
    for (const e of validate.errors) {
      const pointer = e.instancePath;
      if (e.keyword === "if") continue;
      if (e.keyword === "required") found.push({ pointer: `${pointer}/${e.params.missingProperty}`, code: "required" });
      else if (e.keyword === "additionalProperties") {
        found.push({ pointer: `${pointer}/${e.params.additionalProperty}`, code: "unknown_field" });
      } else if (e.keyword === "format") found.push({ pointer, code: formats[e.params.format](at(value, pointer)) });
      else if (e.schemaPath.includes("/contains/")) continue; // told by the one above it
      else found.push({ pointer, code: reasons[e.keyword] ?? "invalid" });
    }
    return found;
  };
}

const sets = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(
  JSON.stringify(
    sets.map(({ schema, values }) => {
      const [ours, theirs] = [judge(schema), byAjv(schema)];
      return values.map((v) => prepare(v, schema)).map((value) => ({ browser: ours(value), ajv: theirs(value) }));
    }),
  ),
);
