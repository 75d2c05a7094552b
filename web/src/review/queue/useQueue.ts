// The rows of a view: loaded page by page, changed in place by the stream, and
// never moved under the cursor. What is new waits behind a bar.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from "vue";
import { Problem } from "@/api/problem";
import { api, unwrap } from "@/api/client";
import { listPage, queries, takeCases, type Held } from "../data";
import { useLive, type Changed } from "../live";
import type { Row } from "../types";
import { arrange, type Filter } from "../views";

export function useQueue(filter: Ref<Filter>) {
  const rows = shallowRef<Row[]>([]);
  const next = ref("");
  const pending = ref(false);
  const loaded = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const fresh = ref(new Set<string>()); // cases that would stand here and do not yet
  const at = ref(new Date());
  let run = 0;

  async function load(more = false): Promise<void> {
    const mine = ++run;
    pending.value = true;
    try {
      const page = await listPage(filter.value, more ? next.value : "");
      if (mine !== run) return;
      const known = new Set(rows.value.map((r) => r.id));
      rows.value = more ? [...rows.value, ...page.rows.filter((r) => !known.has(r.id))] : page.rows;
      next.value = page.next;
      problem.value = null;
      loaded.value = true;
      at.value = new Date();
      if (!more) fresh.value = new Set();
    } catch (e) {
      if (mine === run) problem.value = e instanceof Problem ? e : new Problem(0, "internal", "", String(e), "", [], 0);
    } finally {
      if (mine === run) pending.value = false;
    }
  }

  const listKey = () => JSON.stringify([filter.value.view, filter.value.item, filter.value.q, filter.value.view === "due" ? filter.value.level : 0]);
  watch(listKey, () => {
    rows.value = [];
    loaded.value = false;
    next.value = "";
    void load();
  });
  void load();

  const belongs = (c: Changed): boolean => c.queues.includes(filter.value.view) && !filter.value.q;

  async function reread(c: Changed): Promise<void> {
    const found = await unwrap(api.GET("/api/v1/cases", { params: { query: { number: c.number, limit: 1 } } })).catch(() => null);
    const row = found?.cases[0];
    if (row) rows.value = rows.value.map((r) => (r.id === row.id ? row : r));
  }
  function changed(c: Changed): void {
    void queries.invalidateQueries({ queryKey: ["queues"] });
    const here = rows.value.find((r) => r.id === c.id);
    if (here && here.seq < c.seq) void reread(c);
    else if (!here && loaded.value && belongs(c)) fresh.value = new Set([...fresh.value, c.id]);
  }
  useLive({
    changed,
    gone: (id) => (rows.value = rows.value.filter((r) => r.id !== id)),
    reset: () => {
      void queries.invalidateQueries({ queryKey: ["queues"] });
      void load();
    },
  });
  // Who has taken what is no event of a case: it is asked for now and then.
  async function rereadLeases(): Promise<void> {
    if (document.hidden || pending.value || rows.value.length === 0 || rows.value.length > 40) return;
    const page = await listPage(filter.value, "").catch(() => null);
    const leases = new Map(page?.rows.map((r) => [r.id, r.lease]));
    rows.value = rows.value.map((r) => (leases.has(r.id) ? ({ ...r, lease: leases.get(r.id) } as Row) : r));
  }
  const timer = setInterval(() => void rereadLeases(), 20_000);
  onScopeDispose(() => clearInterval(timer));

  /** Takes cases; the answer says who has each. */
  async function take(ids: string[], over = false): Promise<Held[]> {
    const held = await takeCases(ids, over);
    const by = new Map(held.map((h) => [h.case, h.lease]));
    rows.value = rows.value.map((r) => (by.has(r.id) ? { ...r, lease: by.get(r.id)! } : r));
    return held;
  }
  function dropped(id: string): void {
    rows.value = filter.value.view === "mine" ? rows.value.filter((r) => r.id !== id) : rows.value.map((r) => (r.id === id ? ({ ...r, lease: undefined } as unknown as Row) : r));
  }

  return { rows, next, pending, loaded, problem, fresh, at, load, take, dropped, shown: (now: number) => arrange(rows.value, filter.value, now) };
}
