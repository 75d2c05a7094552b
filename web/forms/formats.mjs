// The formats of the form schemas that JSON Schema does not have, as hub/code
// reads them: spaces, full-width forms and letter case never decide. A test of
// hub/standard holds both to the same verdicts over shared vectors.

/** Drops white space and invisible characters and makes letters and brackets even. */
export function normalise(text) {
  return text
    .replace(/[\s\u0085\u200b\u200c\u200d\u2060\ufeff]/gu, '')
    .replace(/[！-～]/gu, (c) => String.fromCodePoint(c.codePointAt(0) - 0xfee0))
    .replace(/[〔【[﹝]/gu, '(')
    .replace(/[〕】\]﹞]/gu, ')')
    .replace(/[—–‐‑−]/gu, '-')
    .replace(/[a-z]/g, (c) => c.toUpperCase());
}

function isDay(year, month, day) {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/** A day as YYYY-MM-DD. */
export function date(text) {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return m !== null && isDay(Number(m[1]), Number(m[2]), Number(m[3]));
}

const weighted = (text, weights, value) => weights.reduce((sum, w, i) => sum + w * value(text[i]), 0);

/** 公民身份号码, GB 11643-1999; old ones of 15 digits too. */
export function citizenID(text) {
  const s = normalise(text);
  const check = (t) => '10X98765432'[weighted(t, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], Number) % 11];
  let full = s;
  if (/^\d{15}$/.test(s)) {
    full = `${s.slice(0, 6)}19${s.slice(6)}`;
    full += check(full);
  }
  return (
    /^[1-9]\d{16}[\dX]$/.test(full) &&
    full.slice(6, 10) >= '1800' &&
    isDay(Number(full.slice(6, 10)), Number(full.slice(10, 12)), Number(full.slice(12, 14))) &&
    check(full) === full[17]
  );
}

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** 统一社会信用代码, GB 32100-2015, with the organisation code inside. */
export function creditCode(text) {
  const s = normalise(text);
  if (!/^[1-9A-HJ-NP-RTUWXY]{2}[1-8]\d{5}[0-9A-HJ-NP-RTUWXY]{10}$/.test(s)) return false;
  const inner = weighted(s.slice(8, 16), [3, 7, 9, 10, 5, 8, 4, 2], (c) => parseInt(c, 36)) % 11;
  if ('0X987654321'[inner] !== s[16]) return false;
  const sum = weighted(s, [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], (c) => creditAlphabet.indexOf(c));
  return creditAlphabet[(31 - (sum % 31)) % 31] === s[17];
}

/** 不动产单元代码, GB/T 37346, 28 characters. */
export function unitNumber(text) {
  return /^[1-8]\d{11}[GJZ][A-Z]\d{5}[FLQW]\d{8}$/.test(normalise(text));
}

const provinces = '京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新台港澳国蜀黔滇陇秦';

/** 豫(2022)郏县不动产权第0001234号, or the same with 不动产证明. */
export function titleCertificate(text) {
  const m = /^(.)\((.*)\)(.*)(不动产权|不动产证明)第(.*)号$/u.exec(normalise(text));
  if (m === null) return false;
  const [, province, year, registry, , serial] = m;
  return (
    provinces.includes(province) &&
    /^\d{4}$/.test(year) &&
    year >= '2015' &&
    /^\p{Script=Han}{2,30}$/u.test(registry) &&
    !registry.includes('不动产') &&
    /^\d{7}$/.test(serial) &&
    serial !== '0000000'
  );
}

/** Teaches a validator (ajv, draft 2020-12) everything that the form schemas use. */
export function teach(ajv) {
  ajv.addKeyword('x-ui');
  ajv.addFormat('date', date);
  ajv.addFormat('citizen-id', citizenID);
  ajv.addFormat('credit-code', creditCode);
  ajv.addFormat('unit-number', unitNumber);
  ajv.addFormat('title-certificate', titleCertificate);
  return ajv;
}
