// Something done once by a press that is no command on a case: busy while it
// runs, and why not when it was refused.
import { ref, shallowRef } from "vue";
import { Problem } from "@/api/problem";

export function useAct() {
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);

  /** Runs it unless it is running; null when it was refused. */
  async function run<T>(what: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    problem.value = null;
    try {
      return await what();
    } catch (e) {
      problem.value = e instanceof Problem ? e : new Problem(0, "internal", "", String(e), "", [], 0);
      return null;
    } finally {
      busy.value = false;
    }
  }
  return { busy, problem, run };
}
