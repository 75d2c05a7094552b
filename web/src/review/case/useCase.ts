// The case on the desk as the person sees it. What changes at the hub is shown
// at once when nothing is being typed; else it waits, so that nothing moves
// under the hands, and is told.
import { useQuery } from "@tanstack/vue-query";
import { computed, ref, shallowRef, watch } from "vue";
import { api, unwrap } from "@/api/client";
import { session } from "@/shell/session";
import { since } from "../chain";
import { caseKey, caseQuery, clocksQuery, eventsQuery, queries, registerQuery, standardQuery } from "../data";
import { changes, type Change } from "../fields";
import { useLive } from "../live";
import type { Case, Event, Lease } from "../types";

export interface News {
  events: Event[];
  fields: Change[];
  from: number;
  to: number;
  refused: boolean; // a command of ours met it
}

export function useCase(id: string, typing: () => boolean) {
  const query = useQuery(computed(() => caseQuery(id)), queries);
  const shown = shallowRef<Case>();
  const clear = shallowRef<Case>(); // with personal fields, after a reason was given
  const waiting = shallowRef<Case>();
  const news = ref<News | null>(null);
  const lease = shallowRef<Lease | undefined>();
  const revealing = ref(false);
  const live = ref(false); // a newer version was told of and is on its way

  const seq = computed(() => shown.value?.seq ?? 0);
  const view = computed(() => (clear.value && clear.value.seq === seq.value ? clear.value : shown.value));
  const standard = useQuery(computed(() => ({ ...standardQuery(shown.value?.standard ?? { item: "", version: 0, digest: "" }), enabled: !!shown.value })), queries);
  const events = useQuery(computed(() => ({ ...eventsQuery(id, seq.value), enabled: seq.value > 0 })), queries);
  const clocks = useQuery(computed(() => ({ ...clocksQuery(id, seq.value), enabled: seq.value > 0 })), queries);
  const keepsRegister = computed(() => shown.value?.handling === session.me?.agency?.id);
  const register = useQuery(computed(() => ({ ...registerQuery(id, seq.value), enabled: seq.value > 0 && keepsRegister.value })), queries);

  let own = 0; // the version that our last command made
  async function tell(before: Case, after: Case, refused: boolean): Promise<void> {
    const all = await queries.fetchQuery(eventsQuery(id, after.seq)).catch(() => [] as Event[]);
    if (after.seq <= own) return; // our own command, told by the stream before by its answer
    const fresh = since(all, before.seq);
    news.value = { events: fresh, fields: changes(before.form, after.form), from: before.seq, to: after.seq, refused };
  }

  watch(query.data, (now) => {
    if (!now) return;
    live.value = false;
    lease.value = now.lease;
    const before = shown.value;
    if (!before || before.seq === now.seq) {
      shown.value = now;
      return;
    }
    if (typing()) waiting.value = now;
    else shown.value = now;
    void tell(before, now, false);
  }, { immediate: true });

  const reload = () => queries.invalidateQueries({ queryKey: caseKey(id) });
  useLive({
    changed: (c) => {
      if (c.id !== id || c.seq <= (waiting.value?.seq ?? seq.value)) return;
      live.value = true;
      void reload();
    },
    reset: () => void reload(),
  });

  /** A command was refused because the case has changed: show what, overwrite nothing. */
  async function met(): Promise<void> {
    const before = shown.value;
    const now = await queries.fetchQuery({ ...caseQuery(id), staleTime: 0 });
    if (!before) return;
    waiting.value = now;
    lease.value = now.lease;
    await tell(before, now, true);
  }
  /** Goes on with the case as it is now. */
  function accept(): void {
    if (waiting.value) shown.value = waiting.value;
    waiting.value = undefined;
    news.value = null;
  }
  /** After a command of our own. */
  async function done(seq: number): Promise<void> {
    own = seq;
    const now = await queries.fetchQuery({ ...caseQuery(id), staleTime: 0 });
    shown.value = now;
    waiting.value = undefined;
    lease.value = now.lease;
    if ((news.value?.to ?? 0) <= own) news.value = null;
  }

  async function reveal(purpose: string): Promise<void> {
    revealing.value = true;
    try {
      clear.value = await unwrap(api.POST("/api/v1/cases/{id}/unmask", { params: { path: { id } }, body: { purpose } }));
      if (shown.value && clear.value.seq > shown.value.seq) shown.value = clear.value;
    } finally {
      revealing.value = false;
    }
  }
  const hide = () => (clear.value = undefined);

  return { query, view, seq, standard, events, clocks, register, keepsRegister, news, waiting, lease, revealing, live, met, accept, done, reveal, hide, reload, isClear: computed(() => !!clear.value && clear.value.seq === seq.value) };
}
export type CaseDesk = ReturnType<typeof useCase>;
