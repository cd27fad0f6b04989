/**
 * The ways in which a text can hold a value without showing it: escapes, encodings, other spellings. Each function undoes
 * one of them over a whole text, in linear time. What they give is for a search alone and never leaves.
 */
import { Buffer } from 'node:buffer';

/** Named character references (HTML, "Named character references") that values of personal data are written with. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  colon: ':',
  comma: ',',
  commat: '@',
  dash: '-',
  equals: '=',
  gt: '>',
  hyphen: '-',
  lowbar: '_',
  lpar: '(',
  lt: '<',
  nbsp: ' ',
  num: '#',
  period: '.',
  plus: '+',
  quot: '"',
  rpar: ')',
  sol: '/',
};
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const CODE_POINT_MAX = 0x10ffff;

const ESCAPES =
  /\\u([0-9A-Fa-f]{4})|\\u\{([0-9A-Fa-f]{1,6})\}|((?:\\x[0-9A-Fa-f]{2})+)|\\([^ux])|((?:%[0-9A-Fa-f]{2})+)|&#(\d{1,7});?|&#[xX]([0-9A-Fa-f]{1,6});?|&([a-z]{2,6});/g;
const MAY_BE_ESCAPED = /[\\%&]/;

/** With the escapes of JSON and source text, of URLs, and of HTML and XML undone once; the same text if there is none. */
export function unescaped(text: string): string {
  if (!MAY_BE_ESCAPED.test(text)) return text;
  return text.replace(ESCAPES, (whole, u, braced, x, control, percent, decimal, hex, name) => {
    if (control !== undefined) return CONTROLS[control] ?? control;
    if (u !== undefined) return String.fromCharCode(Number.parseInt(u, 16));
    if (percent !== undefined) return fromBytes(percent.replaceAll('%', ''));
    if (x !== undefined) return fromBytes(x.replaceAll('\\x', ''));
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? braced, 16) : Number(decimal);
    return code <= CODE_POINT_MAX ? String.fromCodePoint(code) : whole;
  });
}

const fromBytes = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8');

/** Quoted-printable undone (RFC 2045, section 6.7); the same text if there is none. */
export function fromQuotedPrintable(text: string): string {
  if (!text.includes('=')) return text;
  return text.replace(/=[ \t]{0,8}\r?\n|((?:=[0-9A-F]{2})+)/g, (_whole, bytes) =>
    bytes === undefined ? '' : fromBytes(bytes.replaceAll('=', '')),
  );
}

/** Letters in one case, so that a value that was only put into another is found. */
export const lowered = (text: string): string => {
  const lower = text.toLowerCase();
  // The one letter whose lower case depends on what follows.
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
};

/** Compatibility forms made one (Unicode, NFKC) and characters that show nothing taken out. */
export const folded = (text: string): string =>
  ASCII_SHOWN.test(text) ? text : text.normalize('NFKC').replace(UNSEEN, '').replaceAll('\0', '');
const ASCII_SHOWN = /^[\t\n\r -~]*$/;
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Every run of white space as one space. */
export const spaced = (text: string): string => (ODD_SPACE.test(text) ? text.replace(/\s+/g, ' ') : text);
const ODD_SPACE = /[^\S ]|\s\s/;

/** Without the separators at either side of a digit: `4111-1111` and `4111 1111` are one number. */
export const compacted = (text: string): string => text.replace(SEPARATORS, '');
const SEPARATORS = /[\s\-._/()]{1,3}(?=\d)|(?<=\d)[\s\-._/()]{1,3}/g;

/** The shortest value that is looked for in decoded bytes, in bytes: random ones hold any shorter one by chance. */
export const DECODED_BYTES_MIN = 8;
const BASE64 = /[A-Za-z0-9+/_-]{11,}(?:\r?\n[A-Za-z0-9+/_-]+)*/g;
const HEX = /[0-9A-Fa-f]{16,}/g;

/**
 * What the runs of base64 (either alphabet, in lines or not) and of hexadecimal digits in a text decode to, read from
 * each place at which an encoding can have begun. Bytes as Latin-1 characters; runs parted by NUL.
 */
export function decodedRuns(text: string): string[] {
  const base64 = text.match(BASE64)?.map((run) => run.replace(/[\r\n]+/g, '')) ?? [];
  const hex = text.match(HEX) ?? [];
  return [
    ...(base64.length === 0 ? [] : [0, 1, 2, 3].map((from) => fromRuns(base64, from, 'base64', 'AAAA'))),
    ...(hex.length === 0 ? [] : [0, 1].map((from) => fromRuns(hex, from, 'hex', '00'))),
  ];
}

/** Decodes all runs at once: each from `from` on, filled up to whole units. */
function fromRuns(
  runs: readonly string[],
  from: number,
  encoding: 'base64' | 'hex',
  unitOfZeros: string,
): string {
  let whole = '';
  for (const run of runs)
    whole += run.slice(from) + unitOfZeros.slice((run.length - from) % unitOfZeros.length);
  return Buffer.from(whole, encoding).toString('latin1');
}
