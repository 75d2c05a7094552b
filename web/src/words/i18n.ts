// The little of an i18n library that flat words with {values} need: 1 KB in place
// of 17, which the pages for phones do not have.
import { ref, shallowReactive, type Ref } from "vue";

type Words = Readonly<Record<string, string>>;

export interface I18n<L extends string> {
  global: {
    locale: Ref<L>;
    merge(language: L, words: Words): void;
    /** Whether there is a word in the present language. */
    te(key: string): boolean;
    /** The word in the present language, its {values} filled in. Reactive. */
    t(key: string, values?: Readonly<Record<string, string | number>>): string;
  };
  /** For app.use(); there is nothing to install. */
  install(): void;
}

export function createI18n<L extends string>(locale: L, missing: (language: L, key: string) => string): I18n<L> {
  const now = ref(locale) as Ref<L>;
  const all = shallowReactive(new Map<L, Words>());
  const find = (key: string): string | undefined => {
    const words = all.get(now.value);
    return words && Object.hasOwn(words, key) ? words[key] : undefined;
  };
  return {
    global: {
      locale: now,
      merge: (language, words) => void all.set(language, { ...all.get(language), ...words }),
      te: (key) => find(key) !== undefined,
      t(key, values) {
        const text = find(key) ?? missing(now.value, key);
        return values ? text.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap)) : text;
      },
    },
    install: () => undefined,
  };
}
