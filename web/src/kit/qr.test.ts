// What is drawn is read back by another implementation.
import jsQR from "jsqr";
import { expect, test } from "vitest";
import { qr, qrPath } from "./qr";

function read(text: string): string | undefined {
  const modules = qr(text);
  const [scale, edge] = [3, 4];
  const size = (modules.length + 2 * edge) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  modules.forEach((row, y) => row.forEach((dark, x) => {
    if (!dark) return;
    for (let dy = 0; dy < scale; dy++) for (let dx = 0; dx < scale; dx++) {
      const at = 4 * (((y + edge) * scale + dy) * size + (x + edge) * scale + dx);
      pixels[at] = pixels[at + 1] = pixels[at + 2] = 0;
    }
  }));
  return jsQR(pixels, size, size)?.data;
}

test.each([1, 14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 181, 213])("%i bytes are read back", (n) => {
  const text = Array.from({ length: n }, (_, i) => String.fromCharCode(33 + ((i * 7) % 90))).join("");
  expect(read(text)).toBe(text);
});

test("the address for an authenticator, and Chinese", () => {
  const address = "otpauth://totp/Tongban:jiaxian.first?issuer=Tongban&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  expect(read(address)).toBe(address);
  expect(read("不动产权证书 郏县")).toBe("不动产权证书 郏县");
});

test("too long is told, and the path has a square for each dark module", () => {
  expect(() => qr("x".repeat(214))).toThrow();
  const modules = qr("x");
  expect(qrPath(modules).match(/M/g)).toHaveLength(modules.flat().filter(Boolean).length);
});
