// Judges a form by the schema that the hub serves, as the hub does: what is
// wrong, by JSON pointer and reason. The validator generates no code, because
// our pages forbid it (default-src 'self').
import { format, Validator } from "@cfworker/json-schema";
import { formats, trim } from "./formats.mjs";

for (const [name, why] of Object.entries(formats)) format[name] = (text) => why(text) === "";

/** An answer as it is sent: without spaces around, blank answers left out. */
export function prepare(value, schema) {
  if (typeof value === "string") return trim(value);
  if (Array.isArray(value)) return value.map((v) => prepare(v, schema?.items));
  if (value === null || typeof value !== "object") return value;
  const out = {};
  for (const [key, v] of Object.entries(value)) {
    const known = schema?.properties?.[key];
    const one = prepare(v, known);
    if (one !== "" || known === undefined) out[key] = one;
  }
  return out;
}

/** The value that a JSON pointer names. */
export function at(value, pointer) {
  for (const part of pointer.split("/").slice(1)) value = value?.[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  return value;
}

/** The hub's reason for a keyword of JSON Schema. */
export const reasons = {
  type: "type", enum: "unknown", const: "unknown", minLength: "length", maxLength: "length", minItems: "count", maxItems: "count",
  minimum: "range", maximum: "range", required: "required", additionalProperties: "unknown_field", contains: "count",
  minContains: "count", maxContains: "count",
};

// Errors that only say that there are others below them.
const silent = new Set(["properties", "items", "allOf", "if", "$ref"]);

/** Makes a function that judges values, prepared, by a schema: [{pointer, code}]. */
export function judge(schema) {
  const validator = new Validator(schema, "2020-12", false);
  return (value) => {
    const found = [];
    for (const e of validator.validate(value).errors) {
      const pointer = decodeURIComponent(e.instanceLocation.slice(1));
      if (silent.has(e.keyword) || e.keyword === "false") continue; // of additionalProperties: told with its name
      if (/\/contains\//.test(e.keywordLocation)) continue; // told by the one above it
      if (e.keyword === "required") {
        found.push({ pointer: `${pointer}/${/property "([^"]*)"/.exec(e.error)[1]}`, code: "required" });
      } else if (e.keyword === "additionalProperties") {
        found.push({ pointer: `${pointer}/${/Property "([^"]*)"/.exec(e.error)[1]}`, code: "unknown_field" });
      } else if (e.keyword === "format") {
        const name = at(schema, decodeURIComponent(e.keywordLocation.slice(1)));
        found.push({ pointer, code: formats[name](at(value, pointer)) });
      } else {
        found.push({ pointer, code: reasons[e.keyword] ?? "invalid" });
      }
    }
    return found;
  };
}
