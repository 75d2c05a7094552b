// A chosen file becomes a paper of a slot and sets out for the hub.
import type { Slot } from "@/api/types";
import { refusal, typeOf } from "./files";
import type { Paper } from "./intake";
import { lookAt } from "./quality";
import { send } from "./uploads";

/** Adds the file, or says why not. `papers` is the draft's own list. */
export function addPaper(papers: Paper[], slot: Slot, file: File): string {
  const why = refusal(file, slot, papers.filter((p) => p.slot === slot.key).length);
  if (why) return why;
  papers.push({ id: crypto.randomUUID(), slot: slot.key, name: file.name, size: file.size, type: typeOf(file), seen: false, hints: [] });
  const live = papers[papers.length - 1]!; // through the draft's proxy, so that it is saved
  void send(file, live);
  void lookAt(file).then((hints) => (live.hints = hints));
  return "";
}
