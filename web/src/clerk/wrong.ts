// What is wrong with an application, in our words: which field, and what to do.
// The browser judges by the standard's schema with web/forms, as the hub does;
// the hub's own answer wins and comes through the same words.
import type { Standard } from "@/api/types";
import { pick, t, word } from "@/words";
import { labelOf } from "./answers";
import { judge, prepare } from "../../forms/judge.mjs";

export interface Wrong {
  pointer: string;
  code: string;
  message?: string;
}

export interface Named {
  /** Id of the field on the page: the pointer with dots. */
  id: string;
  pointer: string;
  message: string;
}

export const fieldId = (pointer: string): string => `f${pointer.replaceAll("/", "-")}`;

type Judge = (value: unknown) => Wrong[];
const judges = new Map<string, { form: Judge; parties: Judge }>();

function judgesOf(std: Standard) {
  let found = judges.get(std.digest);
  if (!found) {
    found = { form: judge(std.schema as object) as Judge, parties: judge(std.parties_schema as object) as Judge };
    judges.set(std.digest, found);
  }
  return found;
}

/** What the schemas say of form and parties, with the pointers of the request. */
export function judgeForm(std: Standard, form: unknown): Wrong[] {
  return judgesOf(std).form(prepare(form, std.schema)).map((w) => ({ ...w, pointer: `/form${w.pointer}` }));
}
export function judgeParties(std: Standard, parties: unknown): Wrong[] {
  return judgesOf(std).parties(prepare(parties, std.parties_schema)).map((w) => ({ ...w, pointer: `/parties${w.pointer}` }));
}

/** The name of the field that a pointer means, as the page shows it. */
export function nameOf(std: Standard, pointer: string): string {
  const [, part, a, b] = pointer.split("/");
  if (part === "unit") return t("clerk.place.unit");
  if (part === "parties") {
    if (a === undefined) return t("clerk.task.parties");
    const who = t("clerk.party.nth", { n: Number(a) + 1 });
    return b ? `${who} ${word("clerk.party", b)}` : who;
  }
  const field = std.fields.find((f) => f.key === a);
  if (!field) return a ?? "";
  const [, , , row, column] = pointer.split("/");
  if (row === undefined) return labelOf(field);
  const col = field.columns?.find((c) => c.key === column);
  return `${labelOf(field)} ${t("clerk.row.nth", { n: Number(row) + 1 })}${col ? ` ${pick(col)}` : ""}`;
}

function roleOf(std: Standard, code: string): string {
  const role = code.slice("count_".length);
  return pick(std.parties.find((p) => p.role === role)) || role;
}

/** A sentence that says what to do about it. */
export function sentence(std: Standard, w: Wrong): string {
  const name = nameOf(std, w.pointer);
  if (w.code.startsWith("rule_")) return pick(std.rules.find((r) => `rule_${r.key}` === w.code)) || w.message || w.code;
  if (w.code.startsWith("count_")) return t("clerk.wrong.count_role", { role: roleOf(std, w.code) });
  const text = word("clerk.wrong", w.code, { name });
  return text === w.code ? t("clerk.wrong.other", { name, why: w.message ?? w.code }) : text;
}

/** Every wrong part once, in the order of the page. */
export function named(std: Standard, all: readonly Wrong[]): Named[] {
  const seen = new Set<string>();
  const out: Named[] = [];
  for (const w of all) {
    const once = `${w.pointer} ${w.code}`;
    if (seen.has(once) || (w.pointer === "/parties" && w.code === "count" && all.some((o) => o.code.startsWith("count_")))) continue;
    seen.add(once);
    out.push({ id: fieldId(w.pointer), pointer: w.pointer, message: sentence(std, w) });
  }
  const order = (p: string): number => (p.startsWith("/unit") ? 0 : p.startsWith("/parties") ? 1 : 2);
  const rank = new Map(std.fields.map((f, i) => [f.key, i]));
  return out.sort((a, b) => order(a.pointer) - order(b.pointer) || (rank.get(a.pointer.split("/")[2] ?? "") ?? 0) - (rank.get(b.pointer.split("/")[2] ?? "") ?? 0));
}

export const messages = (all: readonly Named[]): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const n of all) found[n.pointer] ??= n.message;
  return found;
};
