// What is kept in this browser until the hub has it: the newest state of a
// draft and files that are on their way in. Everything is encrypted with a key
// that no script can read out, and key and content go when the person signs out:
// counters are shared machines.
import { beforeSignOut, session } from "@/shell/session";

const name = "tongban";
const opened = { db: null as Promise<IDBDatabase> | null };

function open(): Promise<IDBDatabase> {
  opened.db ??= new Promise((done, fail) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("keys");
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  return opened.db;
}

async function run<T>(store: "kept" | "keys", mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  return new Promise((done, fail) => {
    const request = act(db.transaction(store, mode).objectStore(store));
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

async function key(): Promise<CryptoKey> {
  const who = session.me?.id ?? "";
  const kept = await run<CryptoKey | undefined>("keys", "readonly", (s) => s.get(who) as IDBRequest<CryptoKey | undefined>);
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await run("keys", "readwrite", (s) => s.put(made, who));
  return made;
}

const own = (id: string): string => `${session.me?.id ?? ""}/${id}`;

interface Sealed {
  nonce: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

/** Keeps bytes under a name; a private window without storage keeps nothing, and that is no error. */
export async function keepBytes(id: string, bytes: BufferSource): Promise<boolean> {
  try {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed: Sealed = { nonce, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await key(), bytes) };
    await run("kept", "readwrite", (s) => s.put(sealed, own(id)));
    return true;
  } catch {
    return false;
  }
}

export async function readBytes(id: string): Promise<ArrayBuffer | null> {
  try {
    const sealed = await run<Sealed | undefined>("kept", "readonly", (s) => s.get(own(id)) as IDBRequest<Sealed | undefined>);
    return sealed ? await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.nonce }, await key(), sealed.bytes) : null;
  } catch {
    return null;
  }
}

export const keepText = (id: string, text: string): Promise<boolean> => keepBytes(id, new TextEncoder().encode(text));

export async function readText(id: string): Promise<string | null> {
  const bytes = await readBytes(id);
  return bytes && new TextDecoder().decode(bytes);
}

export async function forget(id: string): Promise<void> {
  await run("kept", "readwrite", (s) => s.delete(own(id))).catch(() => undefined);
}

beforeSignOut(async () => {
  await run("kept", "readwrite", (s) => s.clear()).catch(() => undefined);
  await run("keys", "readwrite", (s) => s.clear()).catch(() => undefined);
});
