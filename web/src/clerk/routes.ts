import type { RouteRecordRaw } from "vue-router";
import type { Area } from "@/words";

const meta = { words: ["clerk"] as Area[], may: "case.receive" };

export const clerkRoutes: RouteRecordRaw[] = [
  { path: "/clerk", name: "clerk", component: () => import("./CasesPage.vue"), meta: { ...meta, title: "clerk.cases.title" } },
];
