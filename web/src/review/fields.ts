// Answers of a form as people read them.
import { language, pick, t } from "@/words";
import { day, money } from "@/words/format";
import type { Field, Form } from "./types";

type Shape = Pick<Field, "key" | "kind" | "options"> & { columns?: Field["columns"] };

/** The name of a field; the unit in which the hub counts is left out, as people read yuan and square metres. */
export const fieldLabel = (field: Pick<Field, "kind" | "zh" | "en">): string => {
  const name = pick(field);
  return field.kind === "fen" || field.kind === "area" ? name.replace(/\s*[（(][^（()）]*[)）]$/, "") : name;
};

/** One answer in words; masked text stays as the hub masked it. */
export function answerWords(field: Shape | undefined, value: unknown): string {
  if (value === undefined || value === null || value === "") return t("review.value.empty");
  if (typeof value === "boolean") return t(value ? "review.value.yes" : "review.value.no");
  const kind = field?.kind ?? "";
  if (kind === "fen" && typeof value === "number") return money(value);
  if (kind === "area" && typeof value === "number") {
    return `${new Intl.NumberFormat("en", { minimumFractionDigits: 2 }).format(value / 100)} m²`;
  }
  if (kind === "choice") {
    const chosen = (field?.options ?? []).find((o) => o.key === value);
    if (chosen) return pick(chosen);
  }
  if (kind === "date" && typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) return day(`${value}T12:00:00+08:00`);
  if (Array.isArray(value)) return value.map((row) => rowWords(field, row)).join(language() === "en" ? "; " : "；");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function rowWords(field: Shape | undefined, row: unknown): string {
  if (typeof row !== "object" || row === null) return String(row);
  const columns = field?.columns ?? [];
  return Object.entries(row as Form)
    .map(([key, v]) => {
      const column = columns.find((c) => c.key === key);
      return `${column ? pick(column) : key} ${answerWords(column as Shape | undefined, v)}`;
    })
    .join(language() === "en" ? ", " : "，");
}

export interface Change { key: string; before: unknown; after: unknown }

/** Which answers of two forms differ. */
export function changes(before: Form, after: Form): Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((k) => JSON.stringify(before[k]) !== JSON.stringify(after[k])).map((key) => ({ key, before: before[key], after: after[key] }));
}

/** The fields that the form has, in the order of the standard; what it does not know comes last. */
export function fieldsOf(form: Form, known: readonly Field[]): { key: string; field: Field | undefined }[] {
  const asked = known.filter((f) => f.key in form || f.required);
  const others = Object.keys(form).filter((k) => !known.some((f) => f.key === k));
  return [...asked.map((field) => ({ key: field.key, field: field as Field | undefined })), ...others.map((key) => ({ key, field: undefined }))];
}
