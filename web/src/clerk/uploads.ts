// Files on their way in (docs/uploads.md). Each has one resumable upload; after a
// lost line, a pause or a reload it goes on where the hub stands. The bytes wait
// in this browser, encrypted, until the hub has confirmed all of them.
import { computed, reactive } from "vue";
import { Upload, type DetailedError } from "tus-js-client";
import { problemOf, type Problem } from "@/api/problem";
import { currentLanguage, line, probe } from "@/api/send";
import { beforeSignOut, prolong } from "@/shell/session";
import { forget, keepBytes, readBytes } from "./local";

export type Phase = "waiting" | "sending" | "paused" | "broken" | "refused" | "gone" | "done";

export interface Transfer {
  id: string;
  name: string;
  size: number;
  sent: number;
  phase: Phase;
  problem: Problem | null;
}

const endpoint = "/api/v1/uploads/tus/";
const piece = 5 << 20; // one part of the hub
const atOnce = 3;
const keepable = 64 << 20; // larger files are chosen again after a reload

const transfers = reactive(new Map<string, Transfer>());
const running = new Map<string, Upload>();
const queue: (() => void)[] = [];
let busy = 0;

export const transferOf = (id: string): Transfer | undefined => transfers.get(id);
/** How many files the hub has not got yet; shown on top of the desk. */
export const pending = computed(() => [...transfers.values()].filter((t) => t.phase !== "done" && t.phase !== "refused").length);

export interface Target {
  id: string;
  name: string;
  at?: string;
  digest?: string;
}

/** "sha-256=:BASE64:" → "sha256:HEX" */
export function digestOf(header: string | null | undefined): string | null {
  const m = /sha-256=:([A-Za-z0-9+/=]+):/.exec(header ?? "");
  if (!m) return null;
  return `sha256:${[...atob(m[1]!)].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("")}`;
}

function failure(t: Transfer, e: Error | DetailedError): void {
  const response = "originalResponse" in e ? e.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  if (!response || status === 0) {
    t.phase = "broken"; // the line; it goes on by itself
    void probe();
    return;
  }
  let body: unknown = null;
  try {
    body = JSON.parse(response.getBody());
  } catch {
    // no problem document: the status says it all
  }
  t.problem = problemOf(body, new Response(null, { status: Math.max(status, 200) }));
  if (status === 401) {
    t.phase = "paused";
    void prolong().then(() => resume(t.id), () => undefined);
    return;
  }
  t.phase = status === 404 || status === 410 ? "gone" : status >= 500 || status === 423 || status === 409 || status === 429 ? "broken" : "refused";
}

function start(t: Transfer, file: Blob, target: Target): Promise<void> {
  return new Promise((ended) => {
    const upload = new Upload(file, {
      endpoint,
      uploadUrl: target.at ?? null,
      chunkSize: piece,
      retryDelays: [500, 2000, 5000],
      storeFingerprintForResuming: false, // entries would outlive the sign-out
      removeFingerprintOnSuccess: true,
      headers: { "X-Tongban": "1", "Accept-Language": currentLanguage() },
      onUploadUrlAvailable: () => (target.at = upload.url ?? undefined),
      onProgress: (sent) => (t.sent = sent),
      onShouldRetry: (e) => {
        const status = e.originalResponse?.getStatus() ?? 0;
        return status === 0 || status === 409 || status === 423 || status >= 500;
      },
      onError: (e) => {
        running.delete(t.id);
        failure(t, e);
        ended();
      },
      onSuccess: ({ lastResponse }) => {
        running.delete(t.id);
        const digest = digestOf(lastResponse.getHeader("Repr-Digest"));
        if (digest) {
          target.digest = digest;
          t.sent = t.size;
          t.phase = "done";
          void forget(`file.${t.id}`);
        } else t.phase = "broken";
        ended();
      },
    });
    running.set(t.id, upload);
    t.phase = "sending";
    t.problem = null;
    upload.start();
  });
}

function next(): void {
  while (busy < atOnce) {
    const job = queue.shift();
    if (!job) return;
    job();
  }
}

const sources = new Map<string, { file: Blob; target: Target }>();

function enqueue(id: string): void {
  const t = transfers.get(id);
  const source = sources.get(id);
  if (!t || !source || running.has(id)) return;
  t.phase = "waiting";
  queue.push(() => {
    if (t.phase !== "waiting") return;
    busy++;
    void start(t, source.file, source.target).finally(() => {
      busy--;
      next();
    });
  });
  next();
}

/** Sends a chosen file. What is learnt (address, digest) is written into target, which the draft keeps. */
export async function send(file: Blob, target: Target): Promise<void> {
  transfers.set(target.id, { id: target.id, name: target.name, size: file.size, sent: 0, phase: "waiting", problem: null });
  sources.set(target.id, { file, target });
  if (file.size <= keepable) await keepBytes(`file.${target.id}`, await file.arrayBuffer());
  enqueue(target.id);
}

/** After a reload: goes on with what this browser still holds; "gone" where it holds nothing. */
export async function takeUp(target: Target & { size: number; type: string }): Promise<void> {
  if (target.digest || transfers.has(target.id)) return;
  const t: Transfer = { id: target.id, name: target.name, size: target.size, sent: 0, phase: "waiting", problem: null };
  transfers.set(target.id, t);
  const bytes = await readBytes(`file.${target.id}`);
  const live = transfers.get(target.id)!;
  if (!bytes) {
    live.phase = "gone";
    return;
  }
  sources.set(target.id, { file: new Blob([bytes], { type: target.type }), target });
  enqueue(target.id);
}

export function pause(id: string): void {
  const t = transfers.get(id);
  if (!t) return;
  t.phase = "paused";
  void running.get(id)?.abort();
  running.delete(id);
}

export function resume(id: string): void {
  const t = transfers.get(id);
  if (t && (t.phase === "paused" || t.phase === "broken")) enqueue(id);
}

/** The bytes of a file that this browser still holds. */
export const bytesOf = (id: string): Blob | null => sources.get(id)?.file ?? null;

/** Takes a file out: here, and what has arrived of it. */
export function giveUp(target: Target): void {
  const upload = running.get(target.id);
  running.delete(target.id);
  void upload?.abort(true).catch(() => undefined);
  transfers.delete(target.id);
  sources.delete(target.id);
  void forget(`file.${target.id}`);
}

// When the line is back, what it broke goes on by itself.
setInterval(() => {
  if (!line.up) return;
  for (const t of transfers.values()) if (t.phase === "broken") enqueue(t.id);
}, 3000);

beforeSignOut(() => {
  for (const upload of running.values()) void upload.abort();
  running.clear();
});

addEventListener("beforeunload", (e) => {
  if ([...transfers.values()].some((t) => t.phase === "sending" && t.size > keepable)) e.preventDefault();
});
