// What is still wrong with an intake, task by task. Shown is what was wrong when
// the button was pressed and still is: mended fields go off the list at once, and
// what is begun meanwhile is not scolded. The hub's own judgement (rules,
// conditions) comes from the assessment.
import { computed, ref, shallowRef } from "vue";
import { api, unwrap } from "@/api/client";
import type { Problem } from "@/api/problem";
import type { View } from "@/api/types";
import type { Tone } from "@/kit/StatusTag.vue";
import { pick, t } from "@/words";
import { application, type Intake, type Task } from "./intake";
import { plainUnit, wholeUnit, type Rules } from "./standard";
import { judgeForm, judgeParties, messages, named, type Named, type Wrong } from "./wrong";

const taskOf = (pointer: string): Task => (pointer.startsWith("/parties") ? "parties" : pointer.startsWith("/form") ? "form" : "place");

export function useJudgement(intake: Intake, rules: Rules) {
  const told = shallowRef<ReadonlySet<string>>(new Set());
  const presses = ref(0);
  const assessment = shallowRef<View["AssessmentView"] | null>(null);
  const fromHub = shallowRef<Wrong[]>([]);
  const judgedText = ref("");

  const text = computed(() => JSON.stringify(application(intake)));
  const bySchema = computed<Wrong[]>(() => {
    const std = rules.standard;
    if (!std) return [];
    return [...judgeParties(std, application(intake).parties), ...judgeForm(std, intake.form)];
  });
  /** The hub's word counts until what it was about has changed. */
  const byHub = computed(() => (judgedText.value === text.value ? fromHub.value : []));
  const all = computed<Named[]>(() => (rules.standard ? named(rules.standard, [...bySchema.value, ...byHub.value]) : []));

  const place = computed<Named[]>(() => {
    const out: Named[] = [];
    if (!intake.item) out.push({ id: "f-item", pointer: "/item", message: t("clerk.wrong.item") });
    if (!wholeUnit(intake.unit)) {
      const plain = plainUnit(intake.unit);
      const message = plain === "" ? t("clerk.wrong.unit") : plain.length === 28 ? t("clerk.unit.form") : t("clerk.unit.length", { n: plain.length });
      out.push({ id: "f-unit", pointer: "/unit", message });
    } else if (rules.choices.length && !rules.standard) out.push({ id: "f-choice", pointer: "/choice", message: t("clerk.wrong.choice") });
    else if (!rules.standard && !rules.pending) out.push({ id: "f-unit", pointer: "/unit", message: rules.problem?.title || t("clerk.wrong.no_standard") });
    return out;
  });
  const papers = computed<Named[]>(() => {
    const std = rules.standard;
    if (!std) return [];
    const needs = assessment.value && !assessment.value.wrong.length ? assessment.value.needs : std.slots.filter((s) => s.required && !s.if).map((s) => s.key);
    const out: Named[] = [];
    for (const s of std.slots) {
      const mine = intake.papers.filter((p) => p.slot === s.key);
      const at = { id: `f-slot-${s.key}`, pointer: `/papers/${s.key}` };
      if (needs.includes(s.key) && mine.length === 0) out.push({ ...at, message: t("clerk.wrong.paper", { name: pick(s) }) });
      else if (mine.some((p) => !p.digest && !p.from)) out.push({ ...at, message: t("clerk.wrong.coming", { name: pick(s) }) });
      else if (s.original && mine.some((p) => !p.seen)) out.push({ ...at, message: t("clerk.wrong.not_seen", { name: pick(s) }) });
    }
    return out;
  });

  function list(task: Task): Named[] {
    if (task === "place") return place.value;
    if (task === "papers") return papers.value;
    if (task === "check") return [...place.value, ...all.value, ...papers.value];
    return all.value.filter((n) => taskOf(n.pointer) === task);
  }

  function state(task: Task): { tone: Tone; text: string } {
    if (task !== "place" && !rules.standard) return { tone: "idle", text: t("clerk.state.later") };
    const n = list(task).length;
    if (task === "check") return n ? { tone: "idle", text: t("clerk.state.left", { n }) } : { tone: "info", text: t("clerk.state.ready") };
    if (n === 0) return { tone: "plain", text: t("clerk.state.done") };
    const begun = task === "place" ? intake.unit !== "" || intake.item !== "" : task === "parties" ? intake.parties.length > 0 : task === "form" ? Object.keys(intake.form).length > 0 : intake.papers.length > 0;
    return begun ? { tone: "info", text: t("clerk.state.left", { n }) } : { tone: "idle", text: t("clerk.state.open") };
  }

  /** Asks the hub; without the line the schema's word has to do. */
  async function assess(): Promise<void> {
    if (!rules.standard) return;
    const asked = text.value;
    try {
      const a = await unwrap(api.POST("/api/v1/standards/assess", { body: application(intake) }));
      assessment.value = a;
      judgedText.value = asked;
      fromHub.value = a.wrong;
    } catch {
      // the next press asks again
    }
  }

  const everything = (): Named[] => list("check");
  const shown = (task: Task): Named[] => list(task).filter((n) => told.value.has(n.pointer));

  return {
    presses,
    assessment,
    list,
    state,
    assess,
    shown,
    messages: (task: Task): Record<string, string> => messages(shown(task)),
    press(): void {
      told.value = new Set(everything().map((n) => n.pointer));
      presses.value++;
    },
    /** On another task nothing is shown until its button is pressed. */
    hush(): void {
      told.value = new Set();
    },
    /** Field errors of a refused command. */
    refused(p: Problem): void {
      if (p.code !== "invalid") return;
      judgedText.value = text.value;
      fromHub.value = p.fields;
      told.value = new Set(everything().map((n) => n.pointer));
      presses.value++;
    },
  };
}
