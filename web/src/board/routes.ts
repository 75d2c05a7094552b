import type { RouteRecordRaw } from "vue-router";

export const boardRoutes: RouteRecordRaw[] = [
  { path: "/board", name: "board", component: () => import("./BoardPage.vue"), meta: { words: ["board"], title: "board.title", may: "rating.answer" } },
];
