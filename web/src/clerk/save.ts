// A paper of the hub as a file of this machine, to print or to hand over.
import { bytes } from "@/api/client";

/** Fetches with the reason, which is recorded, and lets the browser keep the file. */
export async function saveFile(path: string, purpose: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await bytes(path, purpose));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
