// Choosing files: what a slot takes, in words for each cause.
import type { Slot } from "@/api/types";
import { size } from "@/words/format";
import { t } from "@/words";

const names: Record<string, string> = { "application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG", "image/tiff": "TIFF" };
const endings: Record<string, string> = { pdf: "application/pdf", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", tif: "image/tiff", tiff: "image/tiff" };

export const typesOf = (slot: Pick<Slot, "types">): string => slot.types.map((x) => names[x] ?? x).join("、");
export const acceptOf = (slot: Pick<Slot, "types">): string =>
  [...slot.types, ...Object.keys(endings).filter((e) => slot.types.includes(endings[e]!)).map((e) => `.${e}`)].join(",");

const endingOf = (name: string): string => /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
export const typeOf = (file: Pick<File, "name" | "type">): string => file.type || endings[endingOf(file.name)] || "";

/** Why a file cannot go into a slot; "" when it can, as far as the browser sees. */
export function refusal(file: Pick<File, "name" | "type" | "size">, slot: Pick<Slot, "types" | "max_bytes" | "max_files">, already: number): string {
  if (already >= slot.max_files) return t("clerk.file.count", { n: slot.max_files });
  if (file.size === 0) return t("clerk.file.empty", { name: file.name });
  const type = typeOf(file);
  if (!slot.types.includes(type)) return t("clerk.file.type", { types: typesOf(slot), is: (endingOf(file.name) || type).toUpperCase() || "?" });
  if (file.size > slot.max_bytes) return t("clerk.file.size", { max: size(slot.max_bytes), is: size(file.size) });
  return "";
}
