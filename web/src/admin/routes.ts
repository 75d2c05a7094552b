import type { RouteRecordRaw } from "vue-router";
import type { Area, Key } from "@/words";

const words: Area[] = ["admin"];
const page = (path: string, title: Key, may: string, component: RouteRecordRaw["component"]): RouteRecordRaw =>
  ({ path: `/admin/${path}`, name: `admin-${path.replace("/", "-")}`, component: component!, meta: { words, title, may } });

export const adminRoutes: RouteRecordRaw[] = [
  page("standards", "admin.standards.title", "standard.manage", () => import("./StandardsPage.vue")),
  page("standards/compare", "admin.compare.title", "standard.manage", () => import("./ComparePage.vue")),
  page("standards/import", "admin.import.title", "standard.manage", () => import("./ImportPage.vue")),
  page("agencies", "admin.agencies.title", "agencies.manage", () => import("./AgenciesPage.vue")),
  page("calendar", "admin.calendar.title", "agencies.manage", () => import("./CalendarPage.vue")),
  page("deliveries", "admin.deliveries.title", "agencies.manage", () => import("./DeliveriesPage.vue")),
  page("people", "admin.people.title", "people.manage", () => import("./PeoplePage.vue")),
  page("keys", "admin.keys.title", "keys.manage", () => import("./KeysPage.vue")),
  page("access", "admin.access.title", "access.read", () => import("./AccessPage.vue")),
];
