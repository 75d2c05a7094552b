// A case as the window sees it: the view, the standard it is pinned to by place,
// its clocks and its way, reloaded when it changes.
import { computed, ref, watch } from "vue";
import { api, unwrap } from "@/api/client";
import { useLive } from "@/api/live";
import type { Case, Standard } from "@/api/types";
import { useLoad } from "@/kit/load";
import { session } from "@/shell/session";
import { i18n, t } from "@/words";

export function useCase(id: string) {
  const path = { params: { path: { id } } };
  const full = ref<Case | null>(null); // with personal fields, after a reason was given
  const view = useLoad(() => unwrap(api.GET("/api/v1/cases/{id}", path)));
  const standard = useLoad<Standard | null>(
    async () => (view.data ? unwrap(api.GET("/api/v1/standards", { params: { query: standardOf(view.data) } })) : null),
    () => view.data?.id,
  );
  const clocks = useLoad(() => unwrap(api.GET("/api/v1/cases/{id}/clocks", path)));
  const progress = useLoad(() => unwrap(api.GET("/api/v1/cases/{id}/progress", path)), i18n.global.locale);

  async function reload(): Promise<void> {
    full.value = null;
    await Promise.all([view.reload(), clocks.reload(), progress.reload()]);
  }
  useLive({ changed: (c) => c.id === id && (view.data?.seq ?? 0) < c.seq && void reload(), reset: () => void reload() });
  watch(() => view.data?.seq, (now, before) => before !== undefined && now !== before && (full.value = null));

  async function reveal(purpose: string): Promise<void> {
    full.value = await unwrap(api.POST("/api/v1/cases/{id}/unmask", { ...path, body: { purpose } }));
  }
  const shown = computed(() => full.value ?? view.data);
  const mine = computed(() => view.data?.custodian === session.me?.agency?.id);
  return { id, view, standard, clocks, progress, full, shown, mine, reload, reveal };
}
export type CaseDesk = ReturnType<typeof useCase>;

// The national base has no agency of its own; then the unit leads to it.
const standardOf = (c: Case) => (c.standard.agency ? { item: c.item, agency: c.standard.agency } : { item: c.item, unit: c.unit });

export const questionsFor = (std: Standard, role: string) => std.questions.filter((q) => !q.roles?.length || q.roles.includes(role));

/** Which parties are still to be asked, by their place in the list. */
export function unasked(c: Case, std: Standard): number[] {
  return c.parties.map((_, n) => n).filter((n) => questionsFor(std, c.parties[n]!.role).length > 0 && !c.questioned.some((q) => q.party === n));
}

/** Files in force, by slot. */
export const inForce = (c: Case) => c.materials.filter((m) => !m.removed && !m.superseded);

export const openSupplement = (c: Case) => (c.status === "correcting" ? c.supplements.find((s) => !s.answered) : undefined);

/** Papers about the case that can be printed as it stands. */
export function printable(c: Case): { kind: string; party?: number; text: string }[] {
  const out: { kind: string; party?: number; text: string }[] = [{ kind: "receipt", text: t("clerk.print.receipt") }];
  if (c.accepted_at) out.push({ kind: "acceptance", text: t("clerk.print.acceptance") });
  if (c.supplements.length) out.push({ kind: "supplement", text: t("clerk.print.supplement") });
  if (c.refusal) out.push({ kind: "refusal", text: t("clerk.print.refusal") });
  if (c.status === "rejected" || c.outcome?.approve === false) out.push({ kind: "rejection", text: t("clerk.print.rejection") });
  for (const q of c.questioned) if (q.party >= 0) out.push({ kind: "questioning", party: q.party, text: t("clerk.print.questioning", { name: q.name }) });
  if (c.results.some((r) => r.given)) out.push({ kind: "delivery_proof", text: t("clerk.print.delivery_proof") });
  return out;
}
