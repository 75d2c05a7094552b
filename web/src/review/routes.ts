import type { RouteRecordRaw } from "vue-router";
import type { Area } from "@/words";

// Everybody at a handling place may read the register; clerks may not.
const meta = { words: ["review"] as Area[], may: "register.read" };

export const reviewRoutes: RouteRecordRaw[] = [
  { path: "/review/cases/:id", name: "review-case", component: () => import("./case/CasePage.vue"), meta: { ...meta, words: ["review", "meet"] as Area[], title: "review.case.title" } },
  { path: "/review/:view?", name: "review", component: () => import("./queue/QueuePage.vue"), meta: { ...meta, title: "review.queue.title" } },
];
