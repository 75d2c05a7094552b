// Something a page loads: what is there, what went wrong, whether it is under
// way. Where caching, prefetching or sharing pays off, a desk uses vue-query.
import { onScopeDispose, reactive, watch, type WatchSource } from "vue";
import { Problem } from "@/api/problem";

export interface Loading<T> {
  data: T | undefined;
  problem: Problem | null;
  pending: boolean;
  reload: () => Promise<void>;
}

/**
 * Loads at once and again whenever `on` changes; what is there stays visible
 * meanwhile. An older answer never overwrites a newer one.
 */
export function useLoad<T>(get: (signal: AbortSignal) => Promise<T>, on?: WatchSource<unknown>): Loading<T> {
  const state = reactive({ data: undefined, problem: null, pending: false, reload }) as Loading<T>;
  let running: AbortController | null = null;

  async function reload(): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    state.pending = true;
    try {
      const got = await get(mine.signal);
      if (mine !== running) return;
      state.data = got;
      state.problem = null;
    } catch (e) {
      if (mine !== running || (e instanceof DOMException && e.name === "AbortError")) return;
      state.problem = e instanceof Problem ? e : new Problem(0, "internal", "", String(e), "", [], 0);
    } finally {
      if (mine === running) state.pending = false;
    }
  }
  if (on) watch(on, () => void reload());
  onScopeDispose(() => {
    running?.abort();
    running = null;
  });
  void reload();
  return state;
}
