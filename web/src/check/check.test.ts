import { afterEach, expect, test, vi } from "vitest";
import { ask, digestOf, given } from "./check";

afterEach(() => vi.unstubAllGlobals());

test.each([[404, "none"], [422, "none"], [400, "none"], [429, "often"], [500, "unreachable"], [503, "unreachable"]])("%i is told as %s", async (status, what) => {
  vi.stubGlobal("fetch", async () => new Response("{}", { status }));
  expect((await ask("a", "b", "en")).what).toBe(what);
});

test("no line is not a false paper", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("no line")));
  expect((await ask("a", "b", "en")).what).toBe("unreachable");
});

test("what was typed reaches the hub as it is, and no cookie goes along", async () => {
  let seen: [string, RequestInit] | undefined;
  vi.stubGlobal("fetch", async (u: string, init: RequestInit) => ((seen = [u, init]), new Response('{"state":"valid"}')));
  expect((await ask("1.2&x=3", "a b", "zh-CN")).what).toBe("paper");
  expect(seen![0]).toBe("/api/v1/check?id=1.2%26x%3D3&code=a+b");
  expect(seen![1].credentials).toBe("omit");
});

test("digests and addresses", async () => {
  expect(await digestOf(new Blob(["abc"]))).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(given("?id=%201.2.156 &code=ABC123")).toEqual({ id: "1.2.156", code: "ABC123" });
  expect(given("")).toEqual({ id: "", code: "" });
});
