// Asks the hub what it knows of a paper, and compares a file on this device with
// what was issued. "Not reached" is never shown as "false".
export interface Paper {
  id: string;
  number: string;
  kind: string;
  state: "valid" | "replaced" | "revoked";
  issuer: { name: string };
  issued_at: string;
  revoked_at?: string;
  digest: string;
}

export type Answer = { what: "paper"; paper: Paper } | { what: "none" | "often" | "unreachable" };

/** The public question; it never throws. */
export async function ask(id: string, code: string, language: string): Promise<Answer> {
  try {
    const response = await fetch(`/api/v1/check?${new URLSearchParams({ id, code })}`, { headers: { "Accept-Language": language }, credentials: "omit" });
    if (response.ok) return { what: "paper", paper: (await response.json()) as Paper };
    if (response.status === 404 || response.status === 422 || response.status === 400) return { what: "none" };
    return { what: response.status === 429 ? "often" : "unreachable" };
  } catch {
    return { what: "unreachable" };
  }
}

/** The digest of a file, as the hub writes it. The file stays on this device. */
export async function digestOf(file: Blob): Promise<string> {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return `sha256:${Array.from(new Uint8Array(sum), (b) => b.toString(16).padStart(2, "0")).join("")}`;
}

/** Both values out of an address, as the QR of a paper carries it. */
export function given(search: string): { id: string; code: string } {
  const q = new URLSearchParams(search);
  return { id: (q.get("id") ?? "").trim(), code: (q.get("code") ?? "").trim() };
}
