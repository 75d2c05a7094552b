// From a draft to a case: the application first, then each paper under a key of
// its own. Whatever breaks off, the same press goes on where it stopped; the
// draft goes when everything is in.
import type { Wish } from "@/api/command";
import type { Draft } from "./draft";
import { application, type Intake } from "./intake";

type Run = (wish: Wish) => Promise<Record<string, unknown> | null>;

/** The papers that are ready to go into a case but are not in it yet. */
export const ready = (i: Intake) => i.papers.filter((p) => (p.digest || p.from) && !p.put);

/**
 * Receives the application and puts its papers in. `run` is that of useCommand,
 * so that it waits for the line; null means that it was refused.
 */
export async function receive(draft: Draft<Intake>, run: Run, step: (done: number, of: number) => void): Promise<string | null> {
  const i = draft.content;
  if (!i.case) {
    const body = { ...application(i), ...(i.despite.trim() ? { despite: i.despite.trim() } : {}) };
    const got = await run({ path: "/api/v1/cases", body });
    if (!got) return null;
    i.case = String(got["case"]);
    await draft.save();
  }
  const papers = ready(i);
  for (const [n, p] of papers.entries()) {
    step(n, papers.length);
    const body = { slot: p.slot, name: p.name, seen_original: p.seen, ...(p.from ? { from: p.from } : { digest: p.digest }) };
    const got = await run({ path: `/api/v1/cases/${i.case}/materials`, body });
    if (!got) return null;
    p.put = String(got["material"]);
  }
  await draft.drop();
  return i.case;
}

