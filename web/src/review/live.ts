// What changes at the hub while the desk is open, told by its stream. One
// stream serves all pages of this window; it ends with the last listener.
import { onScopeDispose, ref } from "vue";

export interface Changed {
  id: string;
  number: string;
  seq: number;
  status: string;
  queues: string[];
}

export interface Listener {
  changed?: (c: Changed) => void;
  gone?: (id: string) => void;
  /** Too much was missed: load again. */
  reset?: () => void;
}

/** Whether changes arrive by themselves now. */
export const liveNow = ref(false);

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let missed = false;

function read<T>(e: MessageEvent<string>): T | null {
  try {
    return JSON.parse(e.data) as T;
  } catch {
    return null;
  }
}

function open(): void {
  if (typeof EventSource === "undefined" || source) return;
  source = new EventSource("/api/v1/stream", { withCredentials: true });
  source.addEventListener("open", () => {
    liveNow.value = true;
    if (missed) for (const l of listeners) l.reset?.();
    missed = false;
  });
  source.addEventListener("error", () => {
    liveNow.value = false;
    missed = true; // what is told meanwhile may be lost
    if (source?.readyState === EventSource.CLOSED) later(); // else the browser tries again
  });
  source.addEventListener("case", (e) => {
    const c = read<Changed>(e as MessageEvent<string>);
    if (c) for (const l of listeners) l.changed?.(c);
  });
  source.addEventListener("gone", (e) => {
    const c = read<{ id: string }>(e as MessageEvent<string>);
    if (c) for (const l of listeners) l.gone?.(c.id);
  });
  source.addEventListener("reset", () => {
    for (const l of listeners) l.reset?.();
  });
  source.addEventListener("end", later); // until somebody has signed in again
}

function later(): void {
  close();
  missed = true;
  setTimeout(() => listeners.size > 0 && open(), 10_000);
}

function close(): void {
  source?.close();
  source = null;
  liveNow.value = false;
}

/** Listens for as long as the component lives. */
export function useLive(listener: Listener): void {
  listeners.add(listener);
  open();
  onScopeDispose(() => {
    listeners.delete(listener);
    setTimeout(() => listeners.size === 0 && close(), 1000); // a change of page keeps the stream
  });
}
