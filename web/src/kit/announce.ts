// One polite and one urgent voice for screen readers, at most one message a second.
import { reactive } from "vue";

export const voice = reactive({ polite: "", urgent: "" });
let last = 0;

export function announce(text: string, urgent = false): void {
  const wait = Math.max(0, last + 1000 - Date.now());
  last = Date.now() + wait;
  setTimeout(() => (voice[urgent ? "urgent" : "polite"] = text), wait);
}
