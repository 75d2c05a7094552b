// The entered data as a person reads them: labels of the standard, values in words.
import type { Case, View } from "@/api/types";
import { pick, t } from "@/words";
import { day, money } from "@/words/format";

export interface Fact { key: string; label: string; value: string }

/** One value in words. Money is in fen. */
export function valueOf(v: unknown, f: Pick<View["FieldView"], "kind" | "options"> | undefined): string {
  if (v === undefined || v === null || v === "") return t("applicant.data.empty");
  if (typeof v === "boolean") return v ? t("applicant.data.yes") : t("applicant.data.no");
  if (f?.kind === "fen" && typeof v === "number") return money(v);
  if (f?.kind === "area" && typeof v === "number") return `${(v / 100).toFixed(2)} ㎡`;
  if (f?.kind === "date" && typeof v === "string" && /^\d{4}-\d\d-\d\d$/.test(v)) return day(v);
  if (f?.kind === "choice") return pick(f.options?.find((o) => o.key === v)) || String(v);
  if (Array.isArray(v)) return v.map((x) => (typeof x === "object" && x ? Object.values(x).map((y) => valueOf(y, undefined)).join(" ") : String(x))).join("；");
  return String(v);
}

/** The label without the unit in which the hub counts: people read yuan and square metres. */
const labelOf = (f: View["FieldView"]): string => (f.kind === "fen" || f.kind === "area" ? pick(f).replace(/\s*[（(][^（(]*[)）]$/, "") : pick(f));

export function factsOf(c: Pick<Case, "form">, fields: readonly View["FieldView"][]): Fact[] {
  const form = (c.form ?? {}) as Record<string, unknown>;
  return fields.filter((f) => f.key in form || f.required).map((f) => ({ key: f.key, label: labelOf(f), value: valueOf(form[f.key], f) }));
}
