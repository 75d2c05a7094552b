// Sending what a person decided: once, with the version that he saw. When the
// case has changed meanwhile nothing is done and he is told.
import { ref } from "vue";
import { useCommand } from "@/api/command";
import type { Case } from "../types";

export function useAct(done: (on: boolean, seq: number) => void, stale: () => Promise<void>) {
  const command = useCommand();
  const met = ref(false);

  async function send(c: Case, path: string, body: unknown, on: boolean): Promise<void> {
    met.value = false;
    const result = await command.run({ path: `/api/v1/cases/${c.id}/${path}`, body, seq: c.seq });
    if (result) return done(on, result.seq);
    const p = command.problem.value;
    if (p && (p.stale || p.code === "wrong_state" || p.code === "case_frozen" || p.code === "not_custodian")) {
      met.value = true;
      await stale().catch(() => undefined);
    }
  }
  return { ...command, met, send };
}
