import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Where the hub of `npm run dev` answers.
const hub = process.env["HUB"] ?? "http://127.0.0.1:8080";
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const changeOrigin = false; // cookies are bound to this host

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@": file("./src") } },
  build: {
    outDir: ".built",
    target: "chrome108", // the oldest kernel that we promise
    assetsInlineLimit: 0, // default-src 'self' forbids data: addresses
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    // The public check is a page of its own: whoever scans a QR loads little.
    rollupOptions: { input: { main: file("./index.html"), check: file("./check/index.html") } },
  },
  server: { proxy: { "/api": { target: hub, changeOrigin, ws: true }, "/openapi.json": hub, "/readyz": hub } },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"], setupFiles: ["src/test-setup.ts"] },
});
