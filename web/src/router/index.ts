// The way between pages: words first, then the right to see it; afterwards the
// title and the focus follow, so that screen readers hear where they are.
import { nextTick, watch } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import { loadSession, may, session } from "@/shell/session";
import { i18n, loadAreas, t } from "@/words";
import { routes } from "./routes";
import { setTitle } from "./title";

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  await loadAreas(["common", ...(to.meta.words ?? [])]);
  document.documentElement.classList.toggle("phone", to.meta.phone === true);
  if (to.meta.open) return true;
  await loadSession();
  if (session.me && session.weak && to.name !== "account") return { name: "account" };
  if (!session.me) return { name: "sign-in", query: to.fullPath === "/" ? {} : { to: to.fullPath } };
  if (to.meta.may && !may(to.meta.may)) return { name: "not-found", params: { rest: to.path.slice(1).split("/") }, query: { why: "duty" } };
  return true;
});

let first = true;
router.afterEach(async (to, from) => {
  if (to.meta.title) setTitle(t(to.meta.title));
  if (to.path === from.path && !first) return;
  await nextTick();
  if (!first) document.querySelector<HTMLElement>("main h1")?.focus();
  first = false;
});

watch(i18n.global.locale, () => {
  const key = router.currentRoute.value.meta.title;
  if (key) setTitle(t(key));
});
