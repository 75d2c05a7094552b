import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loadAreas, setLanguage } from "@/words";
import { linked, eventWords, since } from "./chain";
import { byDue, dueWords, levelOf } from "./clocks";
import { answerWords, changes, fieldLabel, fieldsOf } from "./fields";
import { earlier, foundAt, inOrder, remember } from "./materials";
import { PageStore, type PageOf } from "./pages";
import type { Event, Field, Material, Row } from "./types";
import { arrange, filterOf, keepViews, nextFree, queryOf, savedViews, searchOf } from "./views";
import { keepWay, neighbours, way } from "./way";
import { gapBody, merge, type DraftGap, type Work } from "./work";

beforeAll(async () => {
  await loadAreas(["common", "review"], "zh-CN");
  await setLanguage("zh-CN");
});
afterEach(() => localStorage.clear());

const noon = Date.parse("2026-11-25T04:00:00Z");
const row = (id: string, more: Partial<Row> = {}) => ({ id, number: `410425-20261125-${id}-N`, unit: "u", parties: "张*国", item: "i", receiving: "w", ...more }) as Row;

describe("clocks", () => {
  const timed = { clock: "promised", half: "2026-11-25T03:00:00Z", eighty: "2026-11-25T05:00:00Z", due: "2026-11-25T09:00:00Z" };
  test.each([["2026-11-25T02:00:00Z", 0], ["2026-11-25T03:00:00Z", 50], ["2026-11-25T05:00:00Z", 80], ["2026-11-25T09:00:00Z", 100]])("at %s it is %i", (at, want) =>
    expect(levelOf(timed, Date.parse(at))).toBe(want));
  test.each([
    ["2026-11-25T09:00:00Z", "今天 17:00"], ["2026-11-26T09:00:00Z", "明天 17:00"], ["2026-12-08T09:00:00Z", "12-08 17:00"], ["2026-11-25T03:30:00Z", "超时 30 分钟"],
    ["2026-11-25T01:00:00Z", "超时 3 小时"], ["2026-11-20T01:00:00Z", "超时 5 天"],
  ])("due %s is %s", (due, want) => expect(dueWords({ clock: "answer", due }, noon)).toBe(want));
  test("without a clock there is no word, and it is the last", () => {
    expect(dueWords({}, noon)).toBe("");
    expect([{}, timed].sort(byDue)).toEqual([timed, {}]);
  });
});

describe("views", () => {
  test("an address that makes no sense is the first view", () => {
    expect(filterOf("nonsense", { level: "7", sort: "x", q: ["a", "b"] })).toEqual({ view: "mine", item: "", receiving: "", level: 0, sort: "changed", q: "a" });
  });
  test("an address and its filter are the same thing", () => {
    const f = filterOf("due", { item: "transfer.resale", from: "440305.window", level: "80", sort: "due", q: "张" });
    expect(filterOf("due", queryOf(f) as never)).toEqual(f);
  });
  test.each([
    ["410425-20261125-000001-n", "number"], ["410425001002GB00003F14015216", "unit"], ["410425 19900307 1231", "citizen_id"], ["91410425MA3X1B2C9R", "credit_code"], ["张", "word"], ["  ", "none"],
  ])("%s is a %s", (q, kind) => expect(searchOf(q).kind).toBe(kind));
  test("filters and sorts what is here; the next is the most urgent that nobody has", () => {
    const rows = [row("1", { clock: "a", due: "2026-11-27T00:00:00Z" }), row("2", { receiving: "x" }), row("3", { clock: "a", due: "2026-11-26T00:00:00Z", lease: {} as never }), row("4", { clock: "a", due: "2026-11-26T12:00:00Z" })];
    const f = filterOf("all", { sort: "due", from: "w" });
    expect(arrange(rows, f, noon).map((r) => r.id)).toEqual(["3", "4", "1"]);
    expect(nextFree(rows)?.id).toBe("4");
    expect(arrange(rows, filterOf("all", { q: "nobody" }), noon)).toEqual([]);
  });
  test("kept views belong to a person; rubbish is not shown", () => {
    keepViews("p1", [{ name: "急件", view: "due", query: { level: "80" } }]);
    expect(savedViews("p1")).toHaveLength(1);
    expect(savedViews("p2")).toEqual([]);
    localStorage.setItem("tongban.review.views.p2", "{not json");
    expect(savedViews("p2")).toEqual([]);
  });
  test("the neighbours of a case in the list it came from", () => {
    keepWay({ view: "/review/due", name: "x", ids: ["a", "b", "c"] });
    expect(neighbours(way(), "b")).toEqual({ at: 2, of: 3, previous: "a", next: "c" });
    expect(neighbours(way(), "z")).toEqual({ at: 0, of: 3, previous: "", next: "" });
  });
});

describe("answers", () => {
  const f = (kind: string, more: Partial<Field> = {}) => ({ key: "k", kind, zh: "名", en: "name", ...more }) as Field;
  test.each<[Field | undefined, unknown, string]>([
    [f("fen"), 68000000, "¥680,000.00"], [f("area"), 8964, "89.64 m²"], [f("bool"), true, "是"], [f("bool"), false, "否"], [f("date"), "2026-11-20", "2026年11月20日"], [f("text"), "", "未填写"],
    [f("choice", { options: [{ key: "home", zh: "住宅", en: "home" }] }), "home", "住宅"], [f("choice"), "h**e", "h**e"], [undefined, 7, "7"],
    [f("list", { columns: [{ key: "name", kind: "text", zh: "姓名", en: "name", personal: true, required: true }] }), [{ name: "李" }, { name: "王" }], "姓名 李；姓名 王"],
  ])("%#", (field, value, want) => expect(answerWords(field, value)).toBe(want));
  test("the unit in which the hub counts is not shown", () => {
    expect(fieldLabel(f("fen", { zh: "成交价格（分）" }))).toBe("成交价格");
    expect(fieldLabel(f("text", { zh: "份额（单独所有）" }))).toBe("份额（单独所有）");
  });
  test("order of the standard first, what it does not know last", () => {
    expect(fieldsOf({ z: 1, a: 2 }, [f("text", { key: "a" }), f("text", { key: "r", required: true }), f("text", { key: "o" })]).map((x) => x.key)).toEqual(["a", "r", "z"]);
    expect(changes({ a: 1, b: [1] }, { a: 2, b: [1], c: 3 }).map((c) => c.key)).toEqual(["a", "c"]);
  });
});

describe("the record", () => {
  const e = (seq: number, prev: string, hash: string, more: Partial<Event> = {}) => ({ seq, prev, hash, kind: "review.first", data: {}, actor: { person: "p" }, at: "", ...more }) as unknown as Event;
  test("hangs together or says where it does not", () => {
    const good = [e(1, "", "a"), e(2, "a", "b"), e(3, "b", "c")];
    expect(linked(good, "c").ok).toBe(true);
    expect(linked(good, "x")).toMatchObject({ ok: false, at: 3 });
    expect(linked([good[0]!, e(2, "x", "b"), good[2]!], "c")).toMatchObject({ ok: false, at: 2 });
    expect(linked([good[0]!, good[2]!], "c")).toMatchObject({ ok: false, at: 3 });
  });
  test("what is new is what came after", () => {
    expect(since([e(1, "", "a"), e(2, "a", "b"), e(3, "b", "c")], 1).map((x) => x.seq)).toEqual([2, 3]);
  });
  test.each<[string, unknown, string]>([
    ["review.first", { pass: false }, "初审：不通过"], ["supplement.asked", { round: 2, gaps: [1, 2] }, "告知补正：第 2 轮，2 项"], ["custody.declined", { code: "closed" }, "退回移交：机构已停办"],
    ["case.booked", null, "登簿"], ["something.new", {}, "something.new"],
  ])("%s", (kind, data, want) => expect(eventWords({ kind, data } as Event)).toBe(want));
});

describe("materials", () => {
  const m = (id: string, slot: string, more: Partial<Material> = {}) => ({ id, slot, at: `2026-01-0${id}`, removed: false, superseded: false, ...more }) as Material;
  const all = [m("1", "tax"), m("2", "application"), m("3", "contract", { superseded: true }), m("4", "contract"), m("5", "contract", { patches: "4", patched_page: 2 })];
  test("stand in the order of the standard, older ones last", () => {
    expect(inOrder(all, [{ key: "application" }, { key: "contract" }]).map((x) => x.id)).toEqual(["2", "4", "5", "1", "3"]);
  });
  test("are compared with what they mend, or with the version before", () => {
    expect(earlier(all[4]!, all)).toEqual({ id: "4", page: 2 });
    expect(earlier(all[3]!, all)).toEqual({ id: "3", page: 1 });
    expect(earlier(all[0]!, all)).toBeNull();
  });
  test("the place of an answer is remembered for the item", () => {
    remember("transfer.resale", "price", "contract", 2);
    expect(foundAt("transfer.resale", "price")).toEqual({ slot: "contract", page: 2 });
    expect(foundAt("search", "price")).toBeUndefined();
  });
});

describe("the draft of a review", () => {
  const gap = (id: string, at: number, note = "") => ({ id, at, note, target: "slot", ref: "tax", reason: "incorrect" }) as DraftGap;
  test("two windows of one person are merged by point", () => {
    const a: Work = { marks: { "field:a": { mark: "agrees", at: 1 }, "field:b": { mark: "agrees", at: 5 } }, gaps: [gap("1", 1), gap("2", 9, "newer")], gone: [] };
    const b: Work = { marks: { "field:b": { mark: "differs", at: 2 }, "field:c": { mark: "agrees", at: 1 } }, gaps: [gap("2", 3, "older"), gap("3", 1)], gone: ["1"] };
    const w = merge(a, b);
    expect(w.marks["field:b"]?.mark).toBe("agrees");
    expect(Object.keys(w.marks).sort()).toEqual(["field:a", "field:b", "field:c"]);
    expect(w.gaps.map((g) => `${g.id}${g.note}`)).toEqual(["2newer", "3"]);
  });
  test("is sent without what is its own", () => {
    expect(gapBody([{ ...gap("1", 1, " why "), target: "region", page: 2, rect: [0, 0, 0.5, 0.5] }, gap("2", 2)])).toEqual([
      { target: "region", ref: "tax", reason: "incorrect", page: 2, rect: [0, 0, 0.5, 0.5], note: "why" }, { target: "slot", ref: "tax", reason: "incorrect" },
    ]);
  });
});

describe("PageStore", () => {
  const page = (n: number): PageOf => ({ case: "c", material: "m", n, size: "page" });
  const picture = () => ({ width: 100, height: 100, close: vi.fn() });
  test("asks once for a page, keeps the newest, closes what it lets go", async () => {
    const made = new Map<number, ReturnType<typeof picture>>();
    const get = vi.fn(async (p: PageOf) => {
      made.set(p.n, picture());
      return made.get(p.n)!;
    });
    const store = new PageStore(get, 3 * 40_000);
    const [a, b] = await Promise.all([store.load(page(1)), store.load(page(1))]);
    expect(a).toBe(b);
    expect(get).toHaveBeenCalledTimes(1);
    store.prefetch([page(1), page(2), page(3)]);
    await vi.waitFor(() => expect(store.peek(page(3))).toBeDefined());
    store.peek(page(1)); // used again, so 2 is the oldest
    await store.load(page(4));
    expect(store.peek(page(2))).toBeUndefined();
    expect(made.get(2)!.close).toHaveBeenCalled();
    expect(store.peek(page(1))).toBeDefined();
    store.forget();
    expect(store.peek(page(1))).toBeUndefined();
    expect(made.get(1)!.close).toHaveBeenCalled();
  });
  test("a page that failed is asked for again", async () => {
    const get = vi.fn<(p: PageOf) => Promise<ReturnType<typeof picture>>>().mockRejectedValueOnce(new Error("no")).mockImplementation(async () => picture());
    const store = new PageStore(get);
    await expect(store.load(page(1))).rejects.toThrow();
    await expect(store.load(page(1))).resolves.toBeDefined();
  });
});
