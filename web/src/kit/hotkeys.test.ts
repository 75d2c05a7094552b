import { effectScope } from "vue";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { activeKeys, keyName, lettersOn, useHotkeys, type Hotkey } from "./hotkeys";

const press = (key: string, code: string, more: KeyboardEventInit & { at?: Element } = {}) => {
  const e = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...more });
  (more.at ?? document.body).dispatchEvent(e);
  return e;
};

describe("keyName", () => {
  test.each([
    ["a letter", { key: "a", code: "KeyA" }, "a"],
    ["a letter of another layout", { key: "ф", code: "KeyA" }, "a"],
    ["with Shift", { key: "J", code: "KeyJ", shiftKey: true }, "Shift+j"],
    ["a sign made with Shift", { key: "?", code: "Slash", shiftKey: true }, "?"],
    ["a sign on a digit", { key: "!", code: "Digit1", shiftKey: true }, "!"],
    ["a digit", { key: "3", code: "Digit3" }, "3"],
    ["space with Shift", { key: " ", code: "Space", shiftKey: true }, "Shift+Space"],
    ["Ctrl", { key: "Enter", code: "Enter", ctrlKey: true }, "Ctrl+Enter"],
    ["Shift and F6", { key: "F6", code: "F6", shiftKey: true }, "Shift+F6"],
  ])("%s", (_, init, want) => expect(keyName(new KeyboardEvent("keydown", init))).toBe(want));
});

describe("useHotkeys", () => {
  const run = vi.fn();
  const two = vi.fn();
  const save = vi.fn();
  let scope = effectScope();
  const key = (keys: string[], run: Hotkey["run"], more: Partial<Hotkey> = {}): Hotkey => ({ keys, run, label: () => keys[0]!, group: () => "g", ...more });
  beforeEach(() => {
    scope = effectScope();
    scope.run(() => useHotkeys([key(["y"], run), key(["g q"], two), key(["Ctrl+Enter"], save, { inFields: true }), key(["x"], run, { when: () => false })]));
  });
  afterEach(() => {
    scope.stop();
    lettersOn.value = true;
    document.body.innerHTML = "";
    vi.clearAllMocks();
  });

  test("acts, and keeps the browser from acting too", () => {
    expect(press("y", "KeyY").defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });
  test("does nothing in a field, in a dialog, while composing or when off", () => {
    document.body.innerHTML = "<input id=i><dialog open><button id=b></button></dialog>";
    press("y", "KeyY", { at: document.querySelector("#i")! });
    press("y", "KeyY", { at: document.querySelector("#b")! });
    press("y", "KeyY", { isComposing: true });
    lettersOn.value = false;
    press("y", "KeyY");
    expect(run).not.toHaveBeenCalled();
    press("Enter", "Enter", { ctrlKey: true, at: document.querySelector("#i")! });
    expect(save).toHaveBeenCalledOnce();
  });
  test("two keys, one after the other", () => {
    press("g", "KeyG");
    press("q", "KeyQ");
    expect(two).toHaveBeenCalledOnce();
    press("q", "KeyQ");
    expect(two).toHaveBeenCalledOnce();
  });
  test("lists what works now and nothing else", () => {
    expect(activeKeys().flatMap((g) => g.keys.map((k) => k.keys[0]))).toEqual(["y", "g q", "Ctrl+Enter"]);
    scope.stop();
    expect(activeKeys()).toEqual([]);
  });
});
