// QR codes (ISO/IEC 18004), byte mode, level M, versions 1 to 10: what an
// authenticator or a phone reads from the screen. Up to 213 bytes.

// Per version at level M: codewords of error correction in a block, and blocks.
const ecc = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
const blocks = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5];

const sizeOf = (version: number): number => version * 4 + 17;

// All modules that hold data, in bits.
function rawBits(version: number): number {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const n = Math.floor(version / 7) + 2;
    bits -= (25 * n - 10) * n - 55;
    if (version >= 7) bits -= 36;
  }
  return bits;
}
const dataBytes = (version: number): number => (rawBits(version) >> 3) - ecc[version]! * blocks[version]!;

// The field of 256 elements that Reed and Solomon's codes are in.
function times(x: number, y: number): number {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d);
    z ^= ((y >>> i) & 1) * x;
  }
  return z;
}

function divisor(degree: number): number[] {
  const poly = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) poly[j] = times(poly[j]!, root) ^ (poly[j + 1] ?? 0);
    root = times(root, 2);
  }
  return poly;
}

function remainder(data: number[], by: number[]): number[] {
  const rest = by.map(() => 0);
  for (const b of data) {
    const factor = b ^ rest.shift()!;
    rest.push(0);
    by.forEach((c, i) => (rest[i]! ^= times(c, factor)));
  }
  return rest;
}

// The bytes with their length in front, padded to what the version holds.
function payload(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((b) => put(b, 8));
  const room = dataBytes(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const out: number[] = [];
  for (let i = 0; i < bits.length; i += 8) out.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  return out;
}

// Blocks with their correction, woven into each other.
function codewords(data: number[], version: number): number[] {
  const [n, correction, raw] = [blocks[version]!, ecc[version]!, rawBits(version) >> 3];
  const short = n - (raw % n);
  const length = Math.floor(raw / n) - correction;
  const by = divisor(correction);
  const parts: { data: number[]; rest: number[] }[] = [];
  for (let i = 0, at = 0; i < n; i++) {
    const size = length + (i < short ? 0 : 1);
    const own = data.slice(at, at + size);
    at += size;
    parts.push({ data: own, rest: remainder(own, by) });
  }
  const out: number[] = [];
  for (let i = 0; i <= length; i++) for (const p of parts) if (i < p.data.length) out.push(p.data[i]!);
  for (let i = 0; i < correction; i++) for (const p of parts) out.push(p.rest[i]!);
  return out;
}

class Grid {
  readonly size: number;
  readonly dark: boolean[][];
  readonly fixed: boolean[][];

  constructor(readonly version: number) {
    this.size = sizeOf(version);
    const empty = () => Array.from({ length: this.size }, () => Array<boolean>(this.size).fill(false));
    this.dark = empty();
    this.fixed = empty();
    for (let i = 0; i < this.size; i++) {
      this.set(6, i, i % 2 === 0);
      this.set(i, 6, i % 2 === 0);
    }
    for (const [x, y] of [[3, 3], [this.size - 4, 3], [3, this.size - 4]] as const) this.finder(x, y);
    const at = this.alignments();
    at.forEach((x, i) => at.forEach((y, j) => {
      const corner = (i === 0 && j === 0) || (i === 0 && j === at.length - 1) || (i === at.length - 1 && j === 0);
      if (!corner) this.square(x, y);
    }));
    this.format(0);
    if (version >= 7) this.versionBits();
  }

  set(x: number, y: number, dark: boolean): void {
    this.dark[y]![x] = dark;
    this.fixed[y]![x] = true;
  }

  private finder(x: number, y: number): void {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const far = Math.max(Math.abs(dx), Math.abs(dy));
        const [xx, yy] = [x + dx, y + dy];
        if (xx >= 0 && xx < this.size && yy >= 0 && yy < this.size) this.set(xx, yy, far !== 2 && far !== 4);
      }
    }
  }

  private square(x: number, y: number): void {
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) this.set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }

  private alignments(): number[] {
    if (this.version === 1) return [];
    const n = Math.floor(this.version / 7) + 2;
    const step = Math.ceil((this.size - 13) / (n * 2 - 2)) * 2;
    const out = [6];
    for (let at = this.size - 7; out.length < n; at -= step) out.splice(1, 0, at);
    return out;
  }

  format(mask: number): void {
    let rest = mask; // level M is 00
    for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    const bit = (i: number) => ((bits >>> i) & 1) === 1;
    for (let i = 0; i <= 5; i++) this.set(8, i, bit(i));
    this.set(8, 7, bit(6));
    this.set(8, 8, bit(7));
    this.set(7, 8, bit(8));
    for (let i = 9; i < 15; i++) this.set(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i++) this.set(this.size - 1 - i, 8, bit(i));
    for (let i = 8; i < 15; i++) this.set(8, this.size - 15 + i, bit(i));
    this.set(8, this.size - 8, true);
  }

  private versionBits(): void {
    let rest = this.version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (this.version << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const [a, b] = [this.size - 11 + (i % 3), Math.floor(i / 3)];
      this.set(a, b, ((bits >>> i) & 1) === 1);
      this.set(b, a, ((bits >>> i) & 1) === 1);
    }
  }

  fill(words: number[]): void {
    let i = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let n = 0; n < this.size; n++) {
        const y = ((right + 1) & 2) === 0 ? this.size - 1 - n : n;
        for (const x of [right, right - 1]) {
          if (this.fixed[y]![x] || i >= words.length * 8) continue;
          this.dark[y]![x] = ((words[i >>> 3]! >>> (7 - (i & 7))) & 1) === 1;
          i++;
        }
      }
    }
  }

  mask(n: number): void {
    const flips: ((x: number, y: number) => boolean)[] = [
      (x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
      (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
      (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
    ];
    for (let y = 0; y < this.size; y++) for (let x = 0; x < this.size; x++) if (!this.fixed[y]![x] && flips[n]!(x, y)) this.dark[y]![x] = !this.dark[y]![x];
  }

  /** How hard it is to read: long runs, blocks of one colour, an uneven mix. */
  penalty(): number {
    let sum = 0;
    let black = 0;
    const at = (x: number, y: number, turned: boolean) => (turned ? this.dark[x]![y]! : this.dark[y]![x]!);
    for (const turned of [false, true]) {
      for (let y = 0; y < this.size; y++) {
        let run = 0;
        let line = "";
        for (let x = 0; x < this.size; x++) {
          run = x > 0 && at(x, y, turned) === at(x - 1, y, turned) ? run + 1 : 1;
          if (run === 5) sum += 3;
          else if (run > 5) sum += 1;
          line += at(x, y, turned) ? "1" : "0";
        }
        sum += 40 * (line.split("10111010000").length - 1 + line.split("00001011101").length - 1);
      }
    }
    for (let y = 0; y < this.size; y++) {
      for (let x = 0; x < this.size; x++) {
        if (this.dark[y]![x]) black++;
        const same = x > 0 && y > 0 && new Set([at(x, y, false), at(x - 1, y, false), at(x, y - 1, false), at(x - 1, y - 1, false)]).size === 1;
        if (same) sum += 3;
      }
    }
    return sum + Math.floor(Math.abs((black * 20) / (this.size * this.size) - 10)) * 10;
  }
}

/** The modules of a code, row by row; true is dark. Throws when the text is too long. */
export function qr(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].find((v) => bytes.length + (v < 10 ? 2 : 3) <= dataBytes(v));
  if (!version) throw new Error("too long for a code");
  const words = codewords(payload(bytes, version), version);
  let best: Grid | undefined;
  let least = Infinity;
  for (let n = 0; n < 8; n++) {
    const grid = new Grid(version);
    grid.fill(words);
    grid.mask(n);
    grid.format(n);
    const p = grid.penalty();
    if (p < least) [best, least] = [grid, p];
  }
  return best!.dark;
}

/** The dark modules as one path, each a unit square, four units from the edge. */
export function qrPath(modules: boolean[][]): string {
  return modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
}
