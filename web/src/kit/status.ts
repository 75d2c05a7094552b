// The statuses of cases as people see them: the word and the tone.
import type { Tone } from "./StatusTag.vue";
import { word } from "@/words";

const tones: Record<string, Tone> = {
  received: "info", arrived: "info", correcting: "warn", accepted: "info", first_reviewed: "info", second_reviewed: "info",
  suspended: "paused", approved: "ok", booked: "ok", rejected: "error", refused: "error", withdrawn: "paused", closed: "plain",
};

export const toneOf = (status: string): Tone => tones[status] ?? "idle";
export const wordOf = (status: string): string => word("common.status", status);
