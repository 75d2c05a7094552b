// A photo of a page, made ready to send: upright, at most 3000 pixels, a JPEG
// without place and device in it; with hints that warn and never block.

export type Hint = "dark" | "blurred" | "small";
export interface Shot { blob: Blob; width: number; height: number; hints: Hint[] }

const longest = 3000;
const looked = 700;

/** Judges grey values of a picture that was w × h before it was made small. */
export function hintsOf(grey: Float32Array, width: number, original: { width: number; height: number }): Hint[] {
  const height = grey.length / width;
  let sum = 0;
  for (const v of grey) sum += v;
  let [n, l1, l2] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const l = 4 * grey[i]! - grey[i - 1]! - grey[i + 1]! - grey[i - width]! - grey[i + width]!;
      n++;
      l1 += l;
      l2 += l * l;
    }
  }
  const hints: Hint[] = [];
  if (Math.min(original.width, original.height) < 700) hints.push("small");
  if (sum / grey.length < 70) hints.push("dark");
  else if (n > 0 && l2 / n - (l1 / n) ** 2 < 40) hints.push("blurred");
  return hints;
}

function draw(picture: ImageBitmap, most: number): HTMLCanvasElement {
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const c = document.createElement("canvas");
  [c.width, c.height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
  c.getContext("2d", { willReadFrequently: most === looked })?.drawImage(picture, 0, 0, c.width, c.height);
  return c;
}

/** Reads a chosen photo; null when it is no picture that the browser can draw. */
export async function shotOf(file: Blob): Promise<Shot | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const small = draw(picture, looked);
  const rgba = small.getContext("2d")!.getImageData(0, 0, small.width, small.height).data;
  const grey = new Float32Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * rgba[4 * i]! + 0.587 * rgba[4 * i + 1]! + 0.114 * rgba[4 * i + 2]!;
  const hints = hintsOf(grey, small.width, picture);
  const whole = draw(picture, longest);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => whole.toBlob(done, "image/jpeg", 0.88));
  return blob && { blob, width: whole.width, height: whole.height, hints };
}
