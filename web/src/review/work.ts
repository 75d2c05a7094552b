// What a reviewer notes while he reads: what agrees, what does not, and the gaps
// that he will ask for. It is his own draft on the hub, sealed, so that it is
// there at another machine too; it is no part of the case.
import { nextTick, onScopeDispose, reactive, watch } from "vue";
import { api, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Gap } from "./types";

export interface Mark {
  mark: "agrees" | "differs";
  note?: string;
  at: number;
}

export interface DraftGap extends Omit<Gap, "rect"> {
  id: string; // of this draft
  rect?: Gap["rect"];
  at: number;
}

export interface Work {
  marks: Record<string, Mark>; // "field:price", "material:<id>"
  gaps: DraftGap[];
  gone: string[]; // ids of gaps that were taken away, for merging
}

export const noWork = (): Work => ({ marks: {}, gaps: [], gone: [] });

/** Two drafts of one person from two windows: by point, the newer one counts. */
export function merge(a: Work, b: Work): Work {
  const gone = [...new Set([...a.gone, ...b.gone])];
  const gaps = new Map(a.gaps.map((g) => [g.id, g]));
  for (const g of b.gaps) if ((gaps.get(g.id)?.at ?? -1) < g.at) gaps.set(g.id, g);
  const marks = { ...a.marks };
  for (const [k, m] of Object.entries(b.marks)) if ((marks[k]?.at ?? -1) < m.at) marks[k] = m;
  return { marks, gaps: [...gaps.values()].filter((g) => !gone.includes(g.id)), gone };
}

function read(content: string): Work {
  try {
    return { ...noWork(), ...(JSON.parse(content) as Partial<Work>) };
  } catch {
    return noWork();
  }
}

const empty = (w: Work) => Object.keys(w.marks).length === 0 && w.gaps.length === 0 && w.gone.length === 0;

/** The work on one case. `kept` says whether the hub has it. */
export function useWork(id: string) {
  const work = reactive<Work>(noWork());
  const state = reactive({ loaded: false, kept: true });
  const path = { path: { id: `review-${id}` } };
  let version = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> | null = null;
  let again = false;
  let dropped = false;
  let dirty = false;
  let leaving = false; // the page goes away: the request outlives it

  async function fetchDraft(): Promise<Work> {
    try {
      const d = await unwrap(api.GET("/api/v1/drafts/{id}", { params: path }));
      version = d.version;
      return read(d.content);
    } catch (e) {
      if (e instanceof Problem && e.status === 404) {
        version = 0;
        return noWork();
      }
      throw e;
    }
  }

  async function load(): Promise<void> {
    try {
      Object.assign(work, merge(work, await fetchDraft()));
    } catch {
      state.kept = false; // what is noted stays on this page
    }
    await nextTick(); // what was read is not written back
    state.loaded = true;
  }

  async function save(): Promise<void> {
    if (dropped || (version === 0 && empty(work))) return;
    for (let tries = 0; tries < 3; tries++) {
      try {
        const d = await unwrap(api.PUT("/api/v1/drafts/{id}", { params: path, body: { version, content: JSON.stringify(work) }, keepalive: leaving }));
        version = d.version;
        state.kept = true;
        dirty = false;
        return;
      } catch (e) {
        if (!(e instanceof Problem) || e.code !== "stale_version") break;
        Object.assign(work, merge(await fetchDraft().catch(noWork), work));
      }
    }
    state.kept = false;
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    if (saving) {
      again = true;
      return saving;
    }
    saving = save().finally(() => (saving = null));
    await saving;
    if (again) {
      again = false;
      await flush();
    }
  }

  watch(work, () => {
    if (!state.loaded || dropped) return;
    clearTimeout(timer);
    dirty = true;
    timer = setTimeout(() => void flush(), 300);
  }, { deep: true });
  function leave(): void {
    leaving = true;
    if (dirty && !dropped) void flush();
  }
  addEventListener("pagehide", leave);
  onScopeDispose(() => {
    removeEventListener("pagehide", leave);
    if (dirty && !dropped) void flush();
  });

  /** The case has gone on: what was noted is not needed any more. */
  async function drop(): Promise<void> {
    dropped = true;
    clearTimeout(timer);
    await saving;
    await unwrap(api.DELETE("/api/v1/drafts/{id}", { params: path })).catch(() => undefined);
    Object.assign(work, noWork());
    version = 0;
    dropped = false;
  }

  void load();

  function mark(key: string, as: Mark["mark"] | null): void {
    if (as === null) delete work.marks[key];
    else work.marks[key] = { ...work.marks[key], mark: as, at: Date.now() };
  }
  function addGap(gap: Omit<DraftGap, "id" | "at">): DraftGap {
    const g: DraftGap = { ...gap, id: crypto.randomUUID().slice(0, 8), at: Date.now() };
    work.gaps.push(g);
    return g;
  }
  function removeGap(id: string): void {
    work.gaps = work.gaps.filter((g) => g.id !== id);
    work.gone.push(id);
  }
  function moveGap(id: string, by: 1 | -1): void {
    const all = [...work.gaps];
    const i = all.findIndex((g) => g.id === id);
    const j = i + by;
    if (i < 0 || j < 0 || j >= all.length) return;
    [all[i], all[j]] = [all[j]!, all[i]!];
    work.gaps = all;
  }
  return { work, state, mark, moveGap, addGap, removeGap, flush, drop };
}

/** The gaps as the hub takes them. */
export const gapBody = (gaps: readonly DraftGap[]): Gap[] =>
  gaps.map((g) => ({ target: g.target, ref: g.ref, reason: g.reason, ...(g.page ? { page: g.page } : {}), ...(g.rect ? { rect: g.rect } : {}), ...(g.note?.trim() ? { note: g.note.trim() } : {}) }));
