// The handling place's rules for what the clerk has begun: who is responsible,
// its standard, what differs from home.
import { computed, reactive, ref, watch, type Ref } from "vue";
import { api, unwrap } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { Slot, Standard, View } from "@/api/types";
import { i18n } from "@/words";
import { unit as judgeUnit, normalise } from "../../forms/formats.mjs";

export interface Rules {
  route: View["RouteView"] | null;
  standard: Standard | null;
  changes: View["DiffView"][];
  problem: Problem | null;
  pending: boolean;
  /** Places to choose from, when the old place was split. */
  choices: { code: string; name: string }[];
}

export const wholeUnit = (text: string): boolean => judgeUnit(text) === "";
export const plainUnit = (text: string): string => normalise(text);

/** Follows item, unit and choice. An older answer never overwrites a newer one. */
export function useRules(of: Ref<{ item: string; unit: string; choice: string }>) {
  const rules = reactive<Rules>({ route: null, standard: null, changes: [], problem: null, pending: false, choices: [] }) as Rules;
  const turn = ref(0);

  async function load(): Promise<void> {
    const mine = ++turn.value;
    const { item, unit, choice } = of.value;
    if (!item || !wholeUnit(unit)) {
      Object.assign(rules, { route: null, standard: null, changes: [], problem: null, pending: false, choices: [] });
      return;
    }
    const query = { item, unit: plainUnit(unit), ...(choice ? { choice } : {}) };
    rules.pending = true;
    rules.problem = null;
    try {
      const [route, standard, diff] = await Promise.all([
        unwrap(api.GET("/api/v1/route", { params: { query } })),
        unwrap(api.GET("/api/v1/standards", { params: { query } })),
        // Without a standard of one's own there is nothing to compare with.
        unwrap(api.GET("/api/v1/standards/diff", { params: { query } })).catch(() => ({ changes: [] as View["DiffView"][] })),
      ]);
      if (mine !== turn.value) return;
      Object.assign(rules, { route, standard, changes: diff.changes, choices: choice ? rules.choices : [] });
    } catch (e) {
      if (mine !== turn.value) return;
      const p = e as Problem;
      Object.assign(rules, { route: null, standard: null, changes: [] });
      rules.choices = (p.fields ?? []).filter((f) => f.pointer === "/choice").map((f) => ({ code: f.code, name: f.message }));
      rules.problem = rules.choices.length ? null : p;
    } finally {
      if (mine === turn.value) rules.pending = false;
    }
  }
  const question = computed(() => [of.value.item, wholeUnit(of.value.unit) ? plainUnit(of.value.unit) : "", of.value.choice, i18n.global.locale.value].join("|"));
  watch(question, () => void load(), { immediate: true });
  return { rules, reload: load };
}

/** What is otherwise than at home about a slot, in words; "" when nothing is. */
export function differs(changes: readonly View["DiffView"][], slot: Slot): View["DiffView"] | undefined {
  return changes.find((c) => c.part === "slot" && c.key === slot.key && c.what !== "removed");
}
