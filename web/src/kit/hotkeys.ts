// Keys of a page, in one registry: what `?` shows is what works now. Letters go
// by their place on the keyboard, signs by what they mean. Nothing happens while
// an input method composes, in fields that take text, or below a dialog; single
// letters can be turned off (WCAG 2.1.4).
import { onScopeDispose, ref, shallowReactive, watch } from "vue";

export interface Hotkey {
  /** "j", "?", "Shift+Space", "Ctrl+Enter", "F6", or one after the other: "g q". */
  keys: string[];
  label: () => string;
  group: () => string;
  run: (e: KeyboardEvent) => void;
  /** How the list writes them, where that is shorter than all keys. */
  shown?: string[];
  /** Off for now; then it is not listed either. */
  when?: () => boolean;
  /** Also while a field has the focus: only for keys that write nothing. */
  inFields?: boolean;
}

const layers = shallowReactive<Hotkey[][]>([]);
const stored = "tongban.letters";
const kept = () => (typeof localStorage === "undefined" ? null : localStorage.getItem(stored));

/** Whether keys without Ctrl act at all. */
export const lettersOn = ref(kept() !== "off");
watch(lettersOn, (on) => localStorage.setItem(stored, on ? "on" : "off"));

/** The name of what was pressed: "a", "Shift+a", "Ctrl+Enter", "[", "?". */
export function keyName(e: KeyboardEvent): string {
  const named = /^Key([A-Z])$/.exec(e.code)?.[1]?.toLowerCase() ?? /^(?:Digit|Numpad)(\d)$/.exec(e.code)?.[1];
  const digitAsSign = e.code.startsWith("Digit") && !/^\d$/.test(e.key); // Shift+1 is a sign
  const base = named && !digitAsSign ? named : e.key === " " ? "Space" : e.key;
  const sign = base.length === 1 && !/[a-z0-9]/.test(base);
  return `${e.ctrlKey ? "Ctrl+" : ""}${e.altKey ? "Alt+" : ""}${e.shiftKey && !sign ? "Shift+" : ""}${base}`;
}

const takesText = (el: Element | null): boolean =>
  !!el?.closest("textarea, select, [contenteditable='true'], input:not([type='checkbox']):not([type='radio']):not([type='button']):not([type='file'])");
// Enter and Space belong to what is pressed with them, arrows to radio buttons.
const owners: Record<string, string> = { Enter: "a, button, summary, input, [role='button']", Space: "button, summary, input, [role='button']" };
const ownsKey = (el: Element | null, key: string): boolean => !!el?.closest(key.startsWith("Arrow") ? "input[type='radio']" : (owners[key] ?? "none"));

let first = "";
let timer: ReturnType<typeof setTimeout> | undefined;

/** What is meant by a key now: a hotkey, the beginning of two, or nothing. */
export function meant(e: KeyboardEvent): Hotkey | "begun" | null {
  if (e.isComposing || e.keyCode === 229 || e.metaKey || e.defaultPrevented) return null;
  const at = e.target instanceof Element ? e.target : null;
  if (at?.closest("dialog")) return null;
  const name = keyName(e);
  const single = !/^(Ctrl|Alt)\+/.test(name) && !/^(Shift\+)?F\d+$/.test(name);
  if (single && !lettersOn.value && name !== "?" && name !== "Escape") return null;
  if (ownsKey(at, name)) return null;
  const typing = takesText(at);
  const all = layers.flat().filter((k) => (!k.when || k.when()) && (!typing || k.inFields));
  const two = first && `${first} ${name}`;
  const found = [...all].reverse().find((k) => k.keys.includes(two || name)) ?? [...all].reverse().find((k) => k.keys.includes(name));
  if (found) return found;
  return all.some((k) => k.keys.some((x) => x.startsWith(`${name} `))) ? "begun" : null;
}

function listen(e: KeyboardEvent): void {
  const hit = meant(e);
  clearTimeout(timer);
  if (hit === "begun") {
    first = keyName(e);
    timer = setTimeout(() => (first = ""), 1200);
    e.preventDefault();
    return;
  }
  first = "";
  if (!hit) return;
  e.preventDefault();
  hit.run(e);
}

/** Adds keys for as long as the component lives; later ones win over earlier ones. */
export function useHotkeys(keys: Hotkey[]): void {
  if (layers.length === 0) addEventListener("keydown", listen);
  layers.push(keys);
  onScopeDispose(() => {
    layers.splice(layers.indexOf(keys), 1);
    if (layers.length === 0) removeEventListener("keydown", listen);
  });
}

/** What works now, by group, in the order of registration. */
export function activeKeys(): { group: string; keys: Hotkey[] }[] {
  const groups = new Map<string, Hotkey[]>();
  for (const k of layers.flat()) {
    if (k.when && !k.when()) continue;
    groups.set(k.group(), [...(groups.get(k.group()) ?? []), k]);
  }
  return [...groups].map(([group, all]) => ({ group, keys: all }));
}
