// Scans made for the tests: grey pages with lines like writing.
import { deflateSync } from "node:zlib";

/** A page with some writing-like lines, as a PNG; `size` changes its bytes and its height. */
export function scan(seed, height = 1100, noise = 0) {
  const width = 800;
  const rows = Buffer.alloc((width + 1) * height, 255);
  const key = [...String(seed)].reduce((a, c) => (a * 31 + c.charCodeAt(0)) >>> 0, 7);
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = 0;
    for (let x = 60; x < width - 60; x++) {
      const line = y > 80 && y < height - 80 && y % 36 < 14;
      if (line && ((x * 7 + (y >> 5) * 13 + key) % 23 < 9)) rows[y * (width + 1) + 1 + x] = 30;
      if (noise && (x * y + key) % noise === 0) rows[y * (width + 1) + 1 + x] = (x * 31 + y * 17 + key) & 255;
    }
  }
  return png(width, height, deflateSync(rows, { level: noise ? 0 : 6 }));
}

function png(width, height, data) {
  const chunk = (type, body) => {
    const out = Buffer.alloc(12 + body.length);
    out.writeUInt32BE(body.length, 0);
    out.write(type, 4, "latin1");
    body.copy(out, 8);
    out.writeUInt32BE(crc(out.subarray(4, 8 + body.length)), 8 + body.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8); // 8 bits of grey
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function crc(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
