// Light or dark: as the system, unless the person chose.
import { ref, watch } from "vue";

export type Theme = "system" | "light" | "dark";
const stored = "tongban.theme";
const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

function first(): Theme {
  const kept = localStorage.getItem(stored);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export const theme = ref<Theme>(first());

function apply(): void {
  const now = theme.value === "system" ? (dark?.matches ? "dark" : "light") : theme.value;
  document.documentElement.dataset["theme"] = now;
}

watch(theme, (now) => {
  localStorage.setItem(stored, now);
  apply();
});
dark?.addEventListener("change", apply);
apply();
