// What went wrong with a request, in one type. The hub's problem documents
// (RFC 9457) come in the user's language already; what never reached the hub
// has the code "offline".
import type { View } from "./types";

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string,
    readonly fields: View["FieldError"][],
    readonly retryAfter: number,
  ) {
    super(`${code} ${status}`);
    this.name = "Problem";
  }

  /** The same request may do later, under the same idempotency key. */
  get passes(): boolean {
    return this.code === "offline" || this.status === 429 || this.status === 503 || this.status === 502 || this.status === 504;
  }

  /** Somebody else changed the case meanwhile. */
  get stale(): boolean {
    return this.code === "stale_version" || this.code === "conflict";
  }
}

export const offline = () => new Problem(0, "offline", "", "", "", [], 0);

/** Reads the problem out of a refused answer; anything unreadable is the hub's fault. */
export function problemOf(body: unknown, response: Response): Problem {
  const p = (typeof body === "object" && body !== null ? body : {}) as Partial<View["Problem"]>;
  const requestId = p.request_id ?? response.headers.get("X-Request-ID") ?? "";
  const after = Number(response.headers.get("Retry-After") ?? 0);
  return new Problem(response.status, p.code ?? "internal", p.title ?? "", p.detail ?? "", requestId, p.errors ?? [], after || 0);
}

/** What is wrong, by JSON pointer: "/form/price" → message. The first of a field counts. */
export function byPointer(fields: readonly { pointer: string; message: string }[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const f of fields) found[f.pointer] ??= f.message;
  return found;
}
