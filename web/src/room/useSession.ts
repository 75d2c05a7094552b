// The session as the hub has it, kept fresh: asked again every few seconds, and
// at once when the room says that something happened.
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type InjectionKey, type ShallowRef, type Ref } from "vue";
import { Problem } from "@/api/problem";
import { readSession, type Person, type Place, type Session } from "./service";

export interface Live {
  place: Place;
  session: ShallowRef<Session | null>;
  problem: ShallowRef<Problem | null>;
  me: ComputedRef<Person | null>;
  person: (who: string) => Person | undefined;
  busy: Ref<string>; // the act that is under way
  /** Does something and looks again; false when it was refused, then `problem` says why. */
  act: (name: string, what: () => Promise<unknown>) => Promise<boolean>;
  refresh: () => Promise<void>;
}

export const liveKey: InjectionKey<Live> = Symbol("session");

const every = 4000; // each look is in the record of who saw what

export function useSession(place: Place): Live {
  const session = shallowRef<Session | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const busy = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const asProblem = (e: unknown): Problem => (e instanceof Problem ? e : new Problem(0, "internal", "", String(e), "", [], 0));

  async function ask(): Promise<void> {
    try {
      session.value = await readSession(place);
      if (problem.value && !busy.value && session.value) problem.value = problem.value.code === "offline" ? null : problem.value;
    } catch (e) {
      const p = asProblem(e);
      if (!session.value || p.status === 401 || p.status === 404) problem.value = p;
    }
  }

  function refresh(): Promise<void> {
    if (asking) {
      again = true;
      return asking;
    }
    clearTimeout(timer);
    asking = ask().finally(() => {
      asking = null;
      if (stopped) return;
      if (again) {
        again = false;
        void refresh();
      } else timer = setTimeout(() => void refresh(), document.hidden ? every * 4 : every);
    });
    return asking;
  }

  async function act(name: string, what: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = name;
    problem.value = null;
    try {
      await what();
      return true;
    } catch (e) {
      problem.value = asProblem(e);
      return false;
    } finally {
      busy.value = "";
      void refresh();
    }
  }

  const person = (who: string): Person | undefined => session.value?.people.find((p) => p.who === who);
  const me = computed(() => (session.value ? (person(session.value.you) ?? null) : null));
  onScopeDispose(() => {
    stopped = true;
    clearTimeout(timer);
  });
  void refresh();
  return { place, session, problem, me, person, busy, act, refresh };
}
