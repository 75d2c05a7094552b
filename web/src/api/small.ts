// A small file, such as a signature, in one request.
import { problemOf } from "./problem";
import { send } from "./send";

/** Uploads the bytes and gives their name, "sha256:…". Repeating is harmless. */
export async function putSmall(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const headers = { "Repr-Digest": `sha-256=:${btoa(String.fromCharCode(...sum))}:`, "Content-Type": file.type };
  const response = await send(new Request(`${location.origin}/api/v1/uploads`, { method: "PUT", headers, body: bytes, credentials: "same-origin" }));
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response);
  return ((await response.json()) as { digest: string }).digest;
}
