// The materials of a case as the viewer offers them.
import type { Material, Slot } from "./types";

/** What counts now, in the order of the standard; then what was replaced or taken back. */
export function inOrder(materials: readonly Material[], slots: readonly Pick<Slot, "key">[]): Material[] {
  const place = (m: Material) => {
    const i = slots.findIndex((s) => s.key === m.slot);
    return (i < 0 ? slots.length : i) + (isOld(m) ? 1000 : 0);
  };
  return materials.map((m, i) => ({ m, i })).sort((a, b) => place(a.m) - place(b.m) || a.i - b.i).map((x) => x.m);
}

export const isOld = (m: Material): boolean => m.removed || m.superseded;

/** What a material is to be compared with: the page it mends, or the version before it in its slot. */
export function earlier(m: Material, all: readonly Material[]): { id: string; page: number } | null {
  if (m.patches && all.some((o) => o.id === m.patches)) return { id: m.patches, page: m.patched_page || 1 };
  const before = all.filter((o) => o.slot === m.slot && o.id !== m.id && o.at < m.at && (o.superseded || o.removed));
  const last = before[before.length - 1];
  return last ? { id: last.id, page: 1 } : null;
}

/** And what mends it: newer files for its pages. */
export const mendedBy = (m: Material, all: readonly Material[]): Material[] => all.filter((o) => o.patches === m.id);

/** Where the answer to a field was last looked at, for each item: so that the papers follow the form. */
const stored = "tongban.review.found";
type Found = Record<string, { slot: string; page: number }>;

const read = (): Found => {
  try {
    return JSON.parse(localStorage.getItem(stored) ?? "{}") as Found;
  } catch {
    return {};
  }
};

export const foundAt = (item: string, field: string): { slot: string; page: number } | undefined => read()[`${item}/${field}`];

export function remember(item: string, field: string, slot: string, page: number): void {
  const all = read();
  all[`${item}/${field}`] = { slot, page };
  localStorage.setItem(stored, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-400))));
}
