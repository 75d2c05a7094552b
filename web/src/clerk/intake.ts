// An application on its way in, as the draft keeps it.
import type { Party, View } from "@/api/types";

/** One file of a slot, from choosing it until the hub has it. */
export interface Paper {
  id: string;
  slot: string;
  name: string;
  size: number;
  type: string;
  /** Address of the resumable upload, once there is one. */
  at?: string;
  /** What the hub calls the file, once it is whole. */
  digest?: string;
  /** A material of another case that serves here as well. */
  from?: { case: string; material: string };
  /** The material that it became in the case. */
  put?: string;
  seen: boolean;
  hints: string[];
}

export interface Intake {
  item: string;
  unit: string;
  choice: string;
  parties: Party[];
  form: Record<string, unknown>;
  papers: Paper[];
  /** Slots that the clerk says are not needed, of the optional ones. */
  despite: string;
  task: Task;
  /** The case, once it was received: only its papers are still to be put in. */
  case?: string;
}

export const tasks = ["place", "parties", "form", "papers", "check"] as const;
export type Task = (typeof tasks)[number];

export const freshIntake = (): Intake => ({
  item: "", unit: "", choice: "", parties: [], form: {}, papers: [], despite: "", task: "place",
});

/** The body of POST /cases and of the assessment. */
export function application(i: Intake): View["ReceiveWish"] {
  return {
    item: i.item,
    unit: i.unit,
    ...(i.choice ? { choice: i.choice } : {}),
    form: i.form as View["ReceiveWish"]["form"],
    parties: i.parties.map((p) => {
      const { phone, represents, ...rest } = p;
      return { ...rest, ...(phone ? { phone } : {}), ...(represents ? { represents } : {}) };
    }),
  };
}
