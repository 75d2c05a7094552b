// Answers of a form as people type them and as the hub keeps them: money in yuan
// and fen, areas in m² and 0.01 m².
import type { Field } from "@/api/types";
import { pick } from "@/words";

/** The name of a field. The standard adds the unit that the hub counts in; people count in yuan and m². */
export const labelOf = (field: { zh: string; en: string }): string =>
  pick(field).replace("（分）", "").replace(" (fen)", "").replace("（0.01 平方米）", "").replace(" (0.01 m²)", "");

/** A typed sum or area → its hundredth as an integer; null when it is not one. */
export function hundredths(text: string): number | null {
  const plain = text.replace(/[\s,，]/g, "").replace(/[．。]/g, ".").replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const m = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain);
  return m ? Number(m[1]) * 100 + Number((m[2] ?? "").padEnd(2, "0")) : null;
}

/** 6800000 → "68,000"; 8964 → "89.64" */
export function ofHundredths(n: number): string {
  const text = (n / 100).toFixed(2).replace(/\.00$/, "");
  return text.replace(/\B(?=(\d{3})+(?!\d))/, ",").replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+(?!\d))/g, ","));
}

export function integer(text: string): number | null {
  const plain = text.replace(/[\s,]/g, "");
  return /^\d{1,9}$/.test(plain) ? Number(plain) : null;
}

/** What stands in the control for an answer. */
export function shown(field: Pick<Field, "kind">, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return field.kind === "integer" ? String(value) : ofHundredths(value);
  return String(value);
}

/**
 * The answer that a typed text stands for. What cannot be read stays as text, so
 * that nothing typed is lost; the schema then says what is wrong with it.
 */
export function answer(field: Pick<Field, "kind">, text: string): unknown {
  if (text.trim() === "") return undefined;
  if (field.kind === "fen" || field.kind === "area") return hundredths(text) ?? text;
  if (field.kind === "integer") return integer(text) ?? text;
  return text;
}
