// The words that people read. Each area (common, clerk, review, applicant,
// admin, …) has two flat files, AREA.zh-CN.json and AREA.en.json, with the same
// keys; words.test.ts holds them in step and finds unused and unknown keys. A
// route names its areas in meta.words and they are loaded before it is shown.
import { setRequestLanguage } from "@/api/send";
import { createI18n } from "./i18n";
import type common from "./common.zh-CN.json";
import type clerk from "./clerk.zh-CN.json";
import type review from "./review.zh-CN.json";
import type applicant from "./applicant.zh-CN.json";
import type admin from "./admin.zh-CN.json";
import type room from "./room.zh-CN.json";
import type board from "./board.zh-CN.json";
import type check from "./check.zh-CN.json";
import type account from "./account.zh-CN.json";
import type meet from "./meet.zh-CN.json";

export type Key =
  | keyof typeof common
  | keyof typeof clerk
  | keyof typeof review
  | keyof typeof applicant
  | keyof typeof admin
  | keyof typeof room
  | keyof typeof board
  | keyof typeof check
  | keyof typeof account
  | keyof typeof meet;
export type Area = "common" | "clerk" | "review" | "applicant" | "admin" | "room" | "board" | "check" | "account" | "meet";
export type Language = "zh-CN" | "en";
type Words = Record<string, string>;

const files = import.meta.glob<{ default: Words }>("./*.json");
const stored = "tongban.language";

function firstLanguage(): Language {
  const kept = localStorage.getItem(stored);
  if (kept === "zh-CN" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") || !navigator.language.toLowerCase().startsWith("en") ? "zh-CN" : "en";
}

export const i18n = createI18n<Language>(firstLanguage(), (language, key) => {
  if (import.meta.env.MODE === "test") throw new Error(`no word for ${key} in ${language}`);
  return key;
});
setRequestLanguage(i18n.global.locale.value);

const loaded = new Set<string>();
const wanted = new Set<Area>();

async function load(area: Area, language: Language): Promise<void> {
  const name = `./${area}.${language}.json`;
  if (loaded.has(name)) return;
  const words = await files[name]!();
  i18n.global.merge(language, words.default);
  loaded.add(name);
}

/** Loads areas in the present language; they are reloaded when it changes. */
export async function loadAreas(areas: readonly Area[], language = i18n.global.locale.value): Promise<void> {
  for (const area of areas) wanted.add(area);
  await Promise.all([...areas].map((a) => load(a, language)));
}

/** Changes the language of everything, at once and without reloading the page. */
export async function setLanguage(language: Language): Promise<void> {
  await loadAreas([...wanted], language);
  i18n.global.locale.value = language;
  localStorage.setItem(stored, language);
  document.documentElement.lang = language;
  setRequestLanguage(language);
}

type Values = Record<string, string | number>;

/** A word of ours, outside components too. */
export const t = (key: Key, values: Values = {}): string => i18n.global.t(key, values);

export const language = (): Language => i18n.global.locale.value;

/** Chooses between the two texts that the hub gives for the same thing. */
export function pick(text: { zh?: string; en?: string; name_zh?: string; name_en?: string } | undefined | null): string {
  if (!text) return "";
  const [zh, en] = [text.zh ?? text.name_zh ?? "", text.en ?? text.name_en ?? ""];
  return language() === "en" ? en || zh : zh || en;
}

/** A word whose key is put together; the beginning says which ones are possible. Without one: `rest`. */
export const word = (beginning: string, rest: string, values: Values = {}): string => {
  const key = `${beginning}.${rest}`;
  return i18n.global.te(key) ? i18n.global.t(key, values) : rest;
};
