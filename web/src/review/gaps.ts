// Gaps of a supplement in words: for the list beside the picture, so that it is
// whole without the picture.
import { pick, t, word } from "@/words";
import { fieldLabel } from "./fields";
import { placeOf, type Rect } from "./regions";
import type { Material, Standard } from "./types";

export interface AnyGap { target: string; ref: string; page?: number; rect?: number[] | null }

export const slotName = (std: Standard | undefined, key: string): string => pick(std?.slots.find((s) => s.key === key)) || key;
const fieldOrKey = (std: Standard | undefined, key: string): string => {
  const f = std?.fields.find((x) => x.key === key);
  return f ? fieldLabel(f) : key;
};
export const fieldName = (std: Standard | undefined, key: string): string => fieldOrKey(std, key);

/** 买卖合同 · 第 2 页 · 右下 */
export function gapWhere(g: AnyGap, std: Standard | undefined, materials: readonly Material[]): string {
  if (g.target === "field") return fieldName(std, g.ref);
  if (g.target === "slot") return t("review.gap.whole", { name: slotName(std, g.ref) });
  const m = materials.find((x) => x.id === g.ref);
  const name = m ? slotName(std, m.slot) : g.ref;
  if (!g.rect) return t("review.gap.page", { name, n: g.page ?? 1 });
  const p = placeOf(g.rect as Rect);
  return t("review.gap.region", { name, n: g.page ?? 1, where: word("review.region", p.down) + word("review.region", p.across) });
}

/** The sentences that a standard knows for what is wrong with it. */
export function faults(g: AnyGap, std: Standard | undefined, materials: readonly Material[]): string[] {
  const key = g.target === "slot" ? g.ref : g.target === "region" ? materials.find((m) => m.id === g.ref)?.slot : undefined;
  return (std?.slots.find((s) => s.key === key)?.faults ?? []).map((f) => pick(f));
}
