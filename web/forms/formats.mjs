// The formats of the form schemas that JSON Schema does not have. Each says why
// a text is wrong ("" when it is right), in the words of hub/code: spaces,
// full-width forms and letter case never decide. A test of cmd/hub/seed holds
// both to the same judgement.

const maxInput = 512; // bytes that a number is looked for in

const bytes = (text) => new TextEncoder().encode(text).length;

/** Drops white space and invisible characters and makes letters and brackets even. */
export function normalise(text) {
  if (bytes(text) > maxInput) text = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, maxInput));
  return text
    .replace(/[！-～]/gu, (c) => String.fromCodePoint(c.codePointAt(0) - 0xfee0))
    .replace(/[\t-\r \u0085\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/gu, "")
    .replace(/[〔【[﹝]/gu, "(")
    .replace(/[〕】\]﹞]/gu, ")")
    .replace(/[—–‐‑−]/gu, "-")
    .replace(/[a-z]/g, (c) => c.toUpperCase());
}

const blanks = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const around = new RegExp(`^${blanks}|${blanks}$`, "gu");

/** A text without the white space around it. */
export const trim = (text) => text.replace(around, "");

const digits = (text) => /^[0-9]*$/.test(text);

function isDay(year, month, day) {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/** A day as YYYY-MM-DD. */
export function date(text) {
  const m = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  return m !== null && isDay(Number(m[1]), Number(m[2]), Number(m[3])) ? "" : "date";
}

/** Text that shows what it is: no control, direction or invisible characters. */
export const plain = (text) => (/[\p{Cc}\p{Cf}]/u.test(text) ? "characters" : "");

const formed = (division) => division >= "100000" && division < "900000";

const weighted = (text, weights, value) => weights.reduce((sum, w, i) => sum + w * value(text[i]), 0);

function sized(text, ...sizes) {
  if (text === "") return "empty";
  return sizes.includes(bytes(text)) ? "" : "length";
}

const citizenWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const citizenCheck = (text) => "10X98765432"[weighted(text, citizenWeights, Number) % 11];

/** 公民身份号码, GB 11643-1999; old ones of 15 digits too. */
export function citizenID(text) {
  let s = normalise(text);
  const wrong = sized(s, 15, 18);
  if (wrong) return wrong;
  if (bytes(s) === 15) {
    if (!digits(s)) return "characters";
    s = `${s.slice(0, 6)}19${s.slice(6)}`;
    s += citizenCheck(s);
  }
  if (!/^[0-9]{17}[0-9X]$/.test(s)) return "characters";
  if (s[0] !== "9" && !formed(s.slice(0, 6))) return "form";
  const [year, month, day] = [s.slice(6, 10), s.slice(10, 12), s.slice(12, 14)];
  if (year < "1800" || !isDay(Number(year), Number(month), Number(day))) return "date";
  return citizenCheck(s) === s[17] ? "" : "check_digit";
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"; // no I, O, S, V, Z

/** 统一社会信用代码, GB 32100-2015, with the organisation code inside. */
export function creditCode(text) {
  const s = normalise(text);
  const wrong = sized(s, 18);
  if (wrong) return wrong;
  if (![...s].every((c) => creditAlphabet.includes(c))) return "characters";
  if (s[0] === "0" || s[1] === "0") return "unknown";
  if (!digits(s.slice(2, 8))) return "characters";
  if (!formed(s.slice(2, 8))) return "form";
  const inner = weighted(s.slice(8, 16), [3, 7, 9, 10, 5, 8, 4, 2], (c) => parseInt(c, 36)) % 11;
  if ("0X987654321"[inner] !== s[16]) return "check_digit";
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  const sum = weighted(s, weights, (c) => creditAlphabet.indexOf(c));
  return creditAlphabet[(31 - (sum % 31)) % 31] === s[17] ? "" : "check_digit";
}

/** A passport or another paper of a foreigner: only its size and characters are known. */
export function passport(text) {
  const s = trim(text).toUpperCase();
  const n = bytes(s);
  if (n < 5 || n > 20) return "length";
  return /^[0-9A-Z()/ -]*$/.test(s) ? "" : "characters";
}

export function phone(text) {
  return /^[0-9+ -]{5,20}$/.test(text) ? "" : "form";
}

/** 不动产单元代码, GB/T 37346, 28 characters. */
export function unit(text) {
  const s = normalise(text);
  const wrong = sized(s, 28);
  if (wrong) return wrong;
  const letter = (c) => c >= "A" && c <= "Z";
  if (!digits(s.slice(0, 6))) return "characters";
  if (!formed(s.slice(0, 6))) return "form";
  if (!digits(s.slice(6, 12))) return "characters";
  if (!letter(s[12]) || !letter(s[13]) || !digits(s.slice(14, 19))) return "characters";
  if (!"GJZ".includes(s[12])) return "unknown";
  if (!letter(s[19]) || !digits(s.slice(20))) return "characters";
  return "FLQW".includes(s[19]) ? "" : "unknown";
}

const provinces = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新台港澳国蜀黔滇陇秦";

/** 豫(2022)郏县不动产权第0001234号, or the same with 不动产证明. */
export function certificate(text) {
  const s = normalise(text);
  if (s === "") return "empty";
  const m = /^(.)\((.*)\)(.*)(不动产权|不动产证明)第(.*)号$/u.exec(s);
  if (m === null) return "form";
  const [, province, year, registry, , serial] = m;
  const size = [...registry].length;
  if (!provinces.includes(province)) return "unknown";
  if (bytes(year) !== 4) return "length";
  if (!digits(year)) return "characters";
  if (year < "2015") return "range";
  if (size < 2 || size > 30) return "length";
  if (!/^\p{Script=Han}*$/u.test(registry)) return "characters";
  if (registry.includes("不动产")) return "form";
  if (bytes(serial) !== 7) return "length";
  if (!digits(serial)) return "characters";
  return serial === "0000000" ? "range" : "";
}

/** Every format of the schemas by its name there. */
export const formats = {
  date, plain, certificate, unit, citizen_id: citizenID, credit_code: creditCode, passport, phone,
};
