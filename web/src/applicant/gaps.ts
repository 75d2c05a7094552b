// The gaps of a supplement notice as a person can act on them: pure.
import type { Case, View } from "@/api/types";
import { pick, t, word } from "@/words";

export interface Gap {
  id: string;
  title: string;
  why: string;
  note: string; // what the officer wrote for the applicant
  material: string; // of a region: the page is shown
  page: number;
  rect: [number, number, number, number] | null;
  photo: boolean; // a page can answer it; a field is answered in words at the window
}

/** The gaps of the notice that waits for an answer; none when there is none. */
export function gapsOf(c: Pick<Case, "supplements" | "materials">, standard: Pick<View["StandardView"], "fields" | "slots"> | null): Gap[] {
  const open = [...c.supplements].reverse().find((s) => !s.answered);
  const notes = (open?.notes ?? {}) as Record<string, string>;
  return (open?.gaps ?? []).map((g) => {
    const m = c.materials.find((x) => x.id === (g.material || g.ref));
    const slot = standard?.slots.find((s) => s.key === (g.target === "slot" ? g.ref : m?.slot));
    const name = g.target === "field" ? pick(standard?.fields.find((f) => f.key === g.ref)) : pick(slot) || m?.name || "";
    const r = g.rect ?? [];
    return {
      id: g.id,
      title: g.target === "region" ? t("applicant.supplement.page_of", { name: name || t("applicant.supplement.paper"), n: g.page || 1 }) : name || g.ref,
      why: word("applicant.gap", g.reason),
      note: notes[g.id] ?? "",
      material: g.target === "region" ? (m?.id ?? g.ref) : "",
      page: g.page || 1,
      rect: r.length === 4 ? [r[0]!, r[1]!, r[2]!, r[3]!] : null,
      photo: g.target !== "field",
    };
  });
}
