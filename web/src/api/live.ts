// What changes in one's queues, as it changes (GET /api/v1/stream). One
// connection for the page, shared by all who listen; the browser reconnects.
import { onScopeDispose } from "vue";

export interface Change {
  id: string;
  number: string;
  seq: number;
  status: string;
  queues: string[];
}
interface Listener {
  changed?: (c: Change) => void;
  gone?: (id: string) => void;
  /** Changes may have been missed: load again. */
  reset?: () => void;
}

const listeners = new Set<Listener>();
let source: EventSource | null = null;

function open(): void {
  if (source || typeof EventSource === "undefined") return;
  source = new EventSource("/api/v1/stream");
  const on = (name: string, tell: (data: string) => void) => source?.addEventListener(name, (e) => tell((e as MessageEvent<string>).data));
  on("case", (d) => listeners.forEach((l) => l.changed?.(JSON.parse(d) as Change)));
  on("gone", (d) => listeners.forEach((l) => l.gone?.((JSON.parse(d) as { id: string }).id)));
  on("reset", () => listeners.forEach((l) => l.reset?.()));
  on("end", () => close());
  source.onerror = () => {
    if (source?.readyState === EventSource.CLOSED) close();
  };
}
function close(): void {
  source?.close();
  source = null;
  if (listeners.size) setTimeout(() => listeners.size && open(), 5000);
}

/** Listens while the component lives. */
export function useLive(listener: Listener): void {
  listeners.add(listener);
  open();
  onScopeDispose(() => {
    listeners.delete(listener);
    if (listeners.size === 0) close();
  });
}
