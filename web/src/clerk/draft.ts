// A draft: what is typed goes to this browser at once and to the hub every few
// seconds. A reload, a lost line or another machine goes on where it stopped.
import { computed, onScopeDispose, reactive, ref, toRaw, watch } from "vue";
import { api, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import { line } from "@/api/send";
import { forget, keepText, readText } from "./local";

export type Saving = "saved" | "typing" | "saving" | "local" | "clash" | "failed";

const quiet = 1200; // ms without typing before it is sent
const again = 5000; // ms until a failed saving is tried again

export interface Heading {
  item?: string;
  unit?: string;
}

/**
 * Opens draft `id`, or begins it with `fresh()`. `content` is reactive; whatever
 * changes in it is kept. `clash` means that another page or machine kept a newer
 * version: the person chooses with takeTheirs or keepMine.
 */
export async function openDraft<T extends object>(id: string, fresh: () => T, heading: (content: T) => Heading) {
  const kept = await readText(id);
  const local = kept ? (JSON.parse(kept) as { version: number; content: T; dirty: boolean }) : null;
  let theirs: { version: number; content: T; saved: string } | null = null;
  const path = { params: { path: { id } } };

  async function fetchTheirs(): Promise<typeof theirs> {
    const d = await unwrap(api.GET("/api/v1/drafts/{id}", path));
    return { version: d.version, content: JSON.parse(d.content) as T, saved: d.saved };
  }
  try {
    theirs = await fetchTheirs();
  } catch (e) {
    const p = e as Problem;
    if (p.status !== 404 && !(p.code === "offline" && local)) throw e;
  }

  const mine = local?.dirty ? local : null;
  const content = reactive(mine?.content ?? theirs?.content ?? local?.content ?? fresh()) as T;
  let version = mine?.version ?? theirs?.version ?? local?.version ?? 0;
  const state = ref<Saving>("saved");
  const savedAt = ref<string>(theirs?.saved ?? "");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let closed = false;
  let change = 0;

  const write = (dirty: boolean) => keepText(id, JSON.stringify({ version, content: toRaw(content), dirty }));

  async function send(): Promise<void> {
    const upTo = change;
    state.value = "saving";
    try {
      const body = { version, content: JSON.stringify(content), ...heading(content) };
      const head = await unwrap(api.PUT("/api/v1/drafts/{id}", { ...path, body }));
      version = head.version;
      savedAt.value = head.saved;
      state.value = upTo === change ? "saved" : "typing";
      await write(upTo !== change);
      if (upTo !== change) plan(quiet);
    } catch (e) {
      const p = e as Problem;
      if (p.code === "stale_version") {
        theirs = await fetchTheirs().catch(() => null);
        if (theirs && JSON.stringify(theirs.content) === JSON.stringify(content)) {
          version = theirs.version; // our own lost answer
          state.value = "saved";
          return;
        }
        state.value = "clash";
        return;
      }
      state.value = p.code === "offline" ? "local" : "failed";
      plan(Math.max(again, (p.retryAfter ?? 0) * 1000));
    }
  }

  function plan(ms: number): void {
    clearTimeout(timer);
    if (!closed && state.value !== "clash") timer = setTimeout(() => void save(), ms);
  }

  /** Sends now; resolves when what was typed until now is kept or is not sendable. */
  async function save(): Promise<void> {
    clearTimeout(timer);
    if (closed || state.value === "clash") return;
    if (running) await running;
    running = send().finally(() => (running = null));
    await running;
  }

  const stop = watch(
    content,
    () => {
      change++;
      if (state.value !== "clash") state.value = line.up ? "typing" : "local";
      void write(true);
      plan(quiet);
    },
    { deep: true },
  );
  const stopLine = watch(
    () => line.up,
    (up) => up && state.value !== "saved" && plan(100),
  );
  if (mine) plan(100);

  function close(): void {
    closed = true;
    clearTimeout(timer);
    stop();
    stopLine();
  }
  onScopeDispose(() => {
    if (state.value === "typing") void save();
    close();
  });

  return {
    id,
    content,
    state,
    savedAt,
    save,
    /** When they were saved there, if the two versions clash. */
    theirs: computed(() => (state.value === "clash" ? (theirs?.saved ?? "") : "")),
    takeTheirs(): void {
      if (!theirs) return;
      version = theirs.version;
      for (const k of Object.keys(content)) delete (content as Record<string, unknown>)[k];
      Object.assign(content, theirs.content);
      state.value = "saved";
      void write(false);
    },
    keepMine(): void {
      version = theirs?.version ?? version;
      state.value = "typing";
      plan(0);
    },
    /** Forgets it everywhere, after it was sent or thrown away. */
    async drop(): Promise<void> {
      if (running) await running;
      close();
      await forget(id);
      await unwrap(api.DELETE("/api/v1/drafts/{id}", path)).catch(() => undefined); // it expires by itself
    },
  };
}

export type Draft<T extends object> = Awaited<ReturnType<typeof openDraft<T>>>;
