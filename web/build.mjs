// Builds web/dist, the pages that the binary carries: the desks (Vite), the
// public check page and, for /docs, the API reader from npm. No page loads
// anything from another host.
// Beside it fonts/built gets the font of papers.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { buildFonts } from "./fonts.mjs";

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const dist = join(here, "dist");
const reader = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

// .keep stays: it is committed so that `go build` finds the folder.
await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) {
  if (name !== ".keep") await rm(join(dist, name), { recursive: true });
}

// The desks. Vite writes beside dist, because index.html has to come last.
const built = join(here, ".built");
await build({ root: here, logLevel: "warn" });
await cp(join(built, "assets"), join(dist, "assets"), { recursive: true });
await cp(join(built, "icon.svg"), join(dist, "icon.svg"));
await cp(join(built, "check"), join(dist, "check"), { recursive: true });

await cp(join(here, "docs"), join(dist, "docs"), { recursive: true });
const wanted = {
  "swagger-ui.css": "swagger-ui.css",
  "swagger-ui-bundle.js": "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
  LICENSE: "swagger-ui.LICENSE.txt",
  NOTICE: "swagger-ui.NOTICE.txt",
};
for (const [from, to] of Object.entries(wanted)) {
  await cp(join(reader, from), join(dist, "docs", to));
}

// Text of more than one packet is carried gzipped, as NAME.gz in place of NAME, and served so: the
// binary stays small. What is packed already (fonts, pictures) stays as it is.
const packable = new Set([".js", ".mjs", ".css", ".svg", ".json", ".map", ".txt", ".html", ".wasm", ".ttf", ".bcmap"]);
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !packable.has(extname(file))) continue;
  const plain = await readFile(file);
  const packed = gzipSync(plain, { level: 9 });
  if (plain.length < 1400 || packed.length > 0.9 * plain.length) continue;
  await writeFile(file + ".gz", packed);
  await rm(file);
}

// Not below dist: the font is for the printer, not for browsers.
await buildFonts(join(here, "fonts", "built"));

// Last, because the Makefile and web.Files take index.html as the sign of a whole build.
await cp(join(built, "index.html"), join(dist, "index.html"));
console.log(`built ${dist}`);
