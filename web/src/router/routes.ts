// Every page, each in a chunk of its own. meta.title is the key of its title,
// meta.words the areas of words it needs, meta.may the action (policies/rows.csv)
// without which it is not shown, meta.open that nobody has to be signed in.
import type { RouteRecordRaw } from "vue-router";
import type { Area, Key } from "@/words";
import { adminRoutes } from "@/admin/routes";
import { applicantRoutes } from "@/applicant/routes";
import { boardRoutes } from "@/board/routes";
import { clerkRoutes } from "@/clerk/routes";
import { reviewRoutes } from "@/review/routes";
import { roomRoutes } from "@/room/routes";

declare module "vue-router" {
  interface RouteMeta {
    title?: Key;
    words?: Area[];
    may?: string;
    open?: boolean;
    phone?: boolean;
  }
}

export const routes: RouteRecordRaw[] = [
  { path: "/", name: "home", component: () => import("@/pages/HomePage.vue"), meta: { title: "common.home.title" } },
  { path: "/sign-in", name: "sign-in", component: () => import("@/pages/SignInPage.vue"), meta: { title: "common.sign_in.title", open: true } },
  { path: "/account", name: "account", component: () => import("@/account/AccountPage.vue"), meta: { title: "account.title", words: ["account"] } },
  ...clerkRoutes,
  ...reviewRoutes,
  ...applicantRoutes,
  ...roomRoutes,
  ...boardRoutes,
  ...adminRoutes,
  { path: "/:rest(.*)*", name: "not-found", component: () => import("@/pages/NotFoundPage.vue"), meta: { title: "common.not_found.title", open: true } },
];
