// A command goes out under one key until its end is known.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { command, useCommand } from "./command";
import { Problem } from "./problem";

const wish = { path: "/api/v1/cases/x/offer", body: { note: "a" }, seq: 7 };
let sent: Request[];
let answers: (() => Response | Promise<Response>)[];

beforeEach(() => {
  sessionStorage.clear();
  sent = [];
  answers = [];
  vi.stubGlobal("fetch", async (r: Request) => {
    if (String(r.url ?? r).endsWith("/healthz")) return new Response("{}");
    sent.push(r);
    return answers.shift()!();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const ok = () => Response.json({ seq: 8 });
const refused = (status: number, code: string) => () => new Response(JSON.stringify({ code, status, title: code }), { status });
const cut = (): never => {
  throw new TypeError("network");
};
const keys = () => sent.map((r) => r.headers.get("Idempotency-Key"));

test("a lost answer keeps the key, a good one ends it", async () => {
  answers = [cut, ok, ok];
  await expect(command(wish)).rejects.toMatchObject({ code: "offline", passes: true });
  await command(wish);
  await command(wish);
  const [first, again, other] = keys();
  expect(again).toBe(first);
  expect(other).not.toBe(first);
  expect(sent[0]!.headers.get("If-Match")).toBe('"7"');
});

test("another body is another command", async () => {
  answers = [cut, ok];
  await expect(command(wish)).rejects.toBeInstanceOf(Problem);
  await command({ ...wish, body: { note: "b" } });
  expect(keys()[0]).not.toBe(keys()[1]);
});

test.each([
  [409, "stale_version", false],
  [422, "invalid", false],
  [500, "internal", true],
  [503, "unavailable", true],
])("after %i %s the key is kept: %s", async (status, code, kept) => {
  answers = [refused(status, code), ok];
  await expect(command(wish)).rejects.toMatchObject({ code });
  await command(wish);
  expect(keys()[0] === keys()[1]).toBe(kept);
});

test("while the line is down it waits, and a second press does nothing", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  answers = [cut, cut, ok];
  const c = useCommand();
  const running = c.run(wish);
  expect(await c.run(wish)).toBeNull();
  // The digest is made beside the clock: give it real turns between the steps.
  for (let i = 0; i < 200 && c.busy.value; i++) {
    await new Promise((turn) => setImmediate(turn));
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(await running).toMatchObject({ seq: 8 });
  expect(new Set(keys()).size).toBe(1);
  expect(c.busy.value).toBe(false);
});

test("a refusal is shown and nothing is sent again", async () => {
  answers = [refused(422, "invalid")];
  const c = useCommand();
  expect(await c.run(wish)).toBeNull();
  expect(c.problem.value?.code).toBe("invalid");
  expect(sent).toHaveLength(1);
});
