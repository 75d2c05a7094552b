import { expect, test } from "vitest";
import { parseShared, shared } from "./shared";

test("what goes out comes in again", () => {
  const mark = { id: "m1", material: "a1", page: 2, rect: [0.1, 0.2, 0.3, 0.4] as [number, number, number, number] };
  expect(parseShared(shared("mark", mark))).toEqual({ kind: "mark", part: mark });
  expect(parseShared(shared("chat", { text: "<img src=x onerror=alert(1)>" }))?.kind).toBe("chat");
});

test.each<[string, unknown]>([
  ["nothing", null],
  ["a text", "chat"],
  ["another version", { v: 2, kind: "chat", chat: { text: "a" } }],
  ["an unknown kind", { v: 1, kind: "toString", toString: {} }],
  ["a kind without its part", { v: 1, kind: "chat", hand: { up: true } }],
  ["an empty text", { v: 1, kind: "chat", chat: { text: "" } }],
  ["a text that is too long", { v: 1, kind: "caption", caption: { text: "x".repeat(1001) } }],
  ["a text that is none", { v: 1, kind: "chat", chat: { text: { toString: 1 } } }],
  ["a point beside the page", { v: 1, kind: "point", point: { x: 1.2, y: 0 } }],
  ["a page 0", { v: 1, kind: "show", show: { material: "m", page: 0, zoom: 1, x: 0, y: 0 } }],
  ["a zoom that is no number", { v: 1, kind: "show", show: { material: "m", page: 1, zoom: NaN, x: 0, y: 0 } }],
  ["a mark over the edge", { v: 1, kind: "mark", mark: { id: "a", material: "m", page: 1, rect: [0.9, 0, 0.5, 0.1] } }],
  ["a mark without size", { v: 1, kind: "mark", mark: { id: "a", material: "m", page: 1, rect: [0, 0, 0, 0.1] } }],
])("%s is dropped", (_, data) => {
  expect(parseShared(data)).toBeNull();
});
