// Advice about a photo or scan, from its pixels: dark, blurred, cut off. It warns
// and never blocks; the hub looks again with its own measure.
export type Hint = "dark" | "blurred" | "small" | "blank";

const looked = 900; // longest side, in pixels, that is looked at

/** Grey values from RGBA pixels. */
export function grey(rgba: Uint8ClampedArray): Float32Array {
  const out = new Float32Array(rgba.length / 4);
  for (let i = 0; i < out.length; i++) out[i] = 0.299 * rgba[4 * i]! + 0.587 * rgba[4 * i + 1]! + 0.114 * rgba[4 * i + 2]!;
  return out;
}

/** Judges a grey picture; `width` × `height` are those of the original. */
export function judgePicture(g: Float32Array, w: number, h: number, original: { width: number; height: number }): Hint[] {
  const hints: Hint[] = [];
  let sum = 0;
  for (const v of g) sum += v;
  const mean = sum / g.length;
  let spread = 0;
  for (const v of g) spread += (v - mean) ** 2;
  spread = Math.sqrt(spread / g.length);
  if (Math.min(original.width, original.height) < 700) hints.push("small");
  if (mean < 70) hints.push("dark");
  if (spread < 4) {
    hints.push("blank");
    return hints;
  }
  if (sharpness(g, w, h) < 55) hints.push("blurred");
  return hints;
}

/** Variance of the Laplacian where there is an edge at all: low means blurred. */
export function sharpness(g: Float32Array, w: number, h: number): number {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < h - 1; y++) {
    for (let x = 1; x < w - 1; x++) {
      const i = y * w + x;
      const l = 4 * g[i]! - g[i - 1]! - g[i + 1]! - g[i - w]! - g[i + w]!;
      n++;
      sum += l;
      squares += l * l;
    }
  }
  return n === 0 ? 0 : squares / n - (sum / n) ** 2;
}

/** Hints about an image file; none for what the browser cannot draw (PDF, TIFF). */
export async function lookAt(file: Blob): Promise<Hint[]> {
  if (!/^image\/(jpeg|png)$/.test(file.type)) return [];
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return [];
  }
  const scale = Math.min(1, looked / Math.max(bitmap.width, bitmap.height));
  const [w, h] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
  const canvas = new OffscreenCanvas(w, h);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return [];
  pen.drawImage(bitmap, 0, 0, w, h);
  const hints = judgePicture(grey(pen.getImageData(0, 0, w, h).data), w, h, bitmap);
  bitmap.close();
  return hints;
}

/** A quarter turn to the right, as a JPEG without any metadata. */
export async function turned(file: Blob): Promise<Blob | null> {
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = new OffscreenCanvas(bitmap.height, bitmap.width);
    const pen = canvas.getContext("2d")!;
    pen.translate(bitmap.height, 0);
    pen.rotate(Math.PI / 2);
    pen.drawImage(bitmap, 0, 0);
    bitmap.close();
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
  } catch {
    return null;
  }
}

const longest = 3000; // pixels of a photo's longer side

/** A photo upright, at most 3000 pixels long, without place, time and device. Null for what is no picture. */
export async function shrunk(file: Blob): Promise<Blob | null> {
  try {
    const bitmap = await createImageBitmap(file); // applies the orientation
    const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  } catch {
    return null;
  }
}
