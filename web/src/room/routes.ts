import type { RouteRecordRaw } from "vue-router";
import type { Area } from "@/words";

const words: Area[] = ["room"];

// The same room in two frames: for phones by link or sign-in, and for desks.
export const roomRoutes: RouteRecordRaw[] = [
  { path: "/join", name: "join", component: () => import("./JoinPage.vue"), meta: { words, title: "room.join.title", open: true, phone: true } },
  { path: "/room/:case/:id", name: "room", component: () => import("./RoomPage.vue"), meta: { words, title: "room.title", open: true, phone: true } },
  { path: "/desk/room/:case/:id", name: "desk-room", component: () => import("./RoomPage.vue"), meta: { words, title: "room.title" } },
];
