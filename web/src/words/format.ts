// Dates, times, money and long numbers as people write them (Beijing time).
import { language, t } from "./index";

const zone = "Asia/Shanghai";
const zh = () => language() === "zh-CN";

function parts(iso: string): Record<string, string> {
  const f = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const found = Object.fromEntries(f.formatToParts(new Date(iso)).map((p) => [p.type, p.value]));
  // Some engines write 08 although "numeric" was asked for.
  return { ...found, day: String(Number(found["day"])), month: String(Number(found["month"])) };
}
const month = (m: string) => new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2000, Number(m) - 1)));

/** 2026年12月8日 · 8 December 2026 */
export function day(iso: string): string {
  const p = parts(iso);
  const [m, d] = [Number(p["month"]), Number(p["day"])]; // 5月1日, not 05月01日
  return zh() ? `${p["year"]}年${m}月${d}日` : `${d} ${month(String(m))} ${p["year"]}`;
}

/** 2026年12月8日 17:00 · 8 December 2026, 17:00 */
export function moment(iso: string): string {
  const p = parts(iso);
  return `${day(iso)}${zh() ? " " : ", "}${p["hour"]}:${p["minute"]}`;
}

/** For lists: 12-08 17:00 */
export function short(iso: string): string {
  const p = parts(iso);
  return `${p["month"]!.padStart(2, "0")}-${p["day"]!.padStart(2, "0")} ${p["hour"]}:${p["minute"]}`;
}

/** 13:42 */
export function clock(at: Date | string): string {
  const p = parts(typeof at === "string" ? at : at.toISOString());
  return `${p["hour"]}:${p["minute"]}`;
}

/** ¥80.00 · CNY 80.00, from fen. */
export function money(fen: number): string {
  const yuan = new Intl.NumberFormat("en", { minimumFractionDigits: 2 }).format(fen / 100);
  return zh() ? `¥${yuan}` : `CNY ${yuan}`;
}

/** 320 KB, 1.2 MB */
export function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The groups of a unit number: division, zone, right, house (GB/T 37346). */
export const unitGroups = (unit: string): string[] =>
  [unit.slice(0, 6), unit.slice(6, 12), unit.slice(12, 19), unit.slice(19)].filter((g) => g !== "");

/** 公民身份号码 in the groups that people read aloud. */
export const idGroups = (id: string): string[] => [id.slice(0, 6), id.slice(6, 14), id.slice(14)].filter((g) => g !== "");

/** 名称：内容 · name: content */
export const pair = (a: string, b: string): string => (b ? t("common.pair", { a, b }) : a);

/** 甲、乙 · a, b */
export const list = (all: readonly string[]): string => all.filter(Boolean).join(t("common.and"));
