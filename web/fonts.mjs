// Makes the font that papers (PDF) are printed with: Noto Sans SC from npm, cut
// down to the characters that papers need, without the tables that only text
// shaping needs, and packed so that Go's standard library reads it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const require = createRequire(import.meta.url);
const family = dirname(require.resolve("@expo-google-fonts/noto-sans-sc/package.json"));
const source = join(family, "400Regular", "NotoSansSC_400Regular.ttf");

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

// Every character of GB/T 2312: 6,763 Han characters, Greek, Cyrillic, kana, ruled lines, ① and ㈠.
function gb2312() {
  const decoder = new TextDecoder("gbk");
  const found = [];
  for (const high of range(0xa1, 0xf7)) {
    for (const low of range(0xa1, 0xfe)) {
      const text = decoder.decode(Uint8Array.of(high, low));
      const code = text.codePointAt(0);
      const privateUse = code >= 0xe000 && code <= 0xf8ff;
      if ([...text].length === 1 && code !== 0xfffd && !privateUse) found.push(code);
    }
  }
  return found;
}

const symbols = [
  ...range(0x20, 0x7e), // ASCII
  ...range(0xa0, 0x17f), // Latin of Europe, ·, ×, °
  ...range(0x2010, 0x205e), // dashes, quotation marks, …
  ...range(0x20a0, 0x20bf), // currencies
  ...range(0x2100, 0x218b), // ℃, №, Roman numbers
  ...range(0x2190, 0x2193),
  ...range(0x2460, 0x24ff), // ①
  ...range(0x25a0, 0x25ff), // □, ■
  ...range(0x2605, 0x2612), // ★
  ...range(0x2713, 0x2718), // ✓
  ...range(0x3001, 0x303f), // 、。〇〔
  ...range(0x3220, 0x3243),
  ...range(0x3280, 0x32b0),
  ...range(0x3380, 0x33df), // ㎡
  ...range(0xfe30, 0xfe4f),
  ...range(0xff01, 0xffef), // full-width forms, ￥
];

// whole adds every Han character the font has, 4.3 MB more in the binary.
async function characters(whole) {
  const list = await readFile(new URL("fonts/characters.txt", import.meta.url), "utf8");
  const standard = [...list.replaceAll("\n", "")].map((c) => c.codePointAt(0));
  if (new Set(standard).size !== 8105) throw new Error("fonts/characters.txt has not the 8,105 characters of the list");
  const more = whole ? [...range(0x3400, 0x4dbf), ...range(0x4e00, 0x9fff), ...range(0x20000, 0x323af)] : [];
  return new Set([...standard, ...symbols, ...gb2312(), ...more]);
}

const tag = (name) => [...name].reduce((n, c) => (n << 8) + c.charCodeAt(0), 0);
const dropTablesSet = 3;
const noHinting = 0x1;
const noLayoutClosure = 0x200;
const shaping = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "STAT", "gasp", "DSIG"];

// cut runs HarfBuzz's subsetter, compiled to WebAssembly, in a memory of its own.
async function cut(font, wanted) {
  const wasm = await readFile(require.resolve("harfbuzzjs/dist/harfbuzz-subset.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm);
  const hb = instance.exports;
  hb._initialize();
  const input = hb.hb_subset_input_create_or_fail();
  const at = hb.malloc(font.length);
  if (input === 0 || at === 0) throw new Error("font: out of memory");
  new Uint8Array(hb.memory.buffer).set(font, at);
  const face = hb.hb_face_create(hb.hb_blob_create(at, font.length, 2, 0, 0), 0);
  hb.hb_subset_input_set_flags(input, noHinting | noLayoutClosure);
  const dropped = hb.hb_subset_input_set(input, dropTablesSet);
  for (const name of shaping) hb.hb_set_add(dropped, tag(name));
  const unicodes = hb.hb_subset_input_unicode_set(input);
  for (const code of wanted) hb.hb_set_add(unicodes, code);
  const subset = hb.hb_subset_or_fail(face, input);
  if (subset === 0) throw new Error("font: the subset failed");
  const blob = hb.hb_face_reference_blob(subset);
  const start = hb.hb_blob_get_data(blob, 0);
  const length = hb.hb_blob_get_length(blob);
  return Buffer.from(new Uint8Array(hb.memory.buffer, start, length));
}

// buildFonts writes main.ttf.gz and the licence into a folder.
export async function buildFonts(folder) {
  const wanted = await characters(process.env.TONGBAN_FONT === "whole");
  const font = await cut(await readFile(source), wanted);
  const packed = gzipSync(font, { level: 9 });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "main.ttf.gz"), packed);
  await writeFile(join(folder, "OFL.txt"), await readFile(join(family, "LICENSE_FONT")));
  console.log(`font: ${wanted.size} characters, ${packed.length} bytes packed`);
}
