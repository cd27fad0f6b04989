/**
 * Base64 (RFC 4648, sections 4 and 5), hexadecimal and binary runs that hold text. A run stands for its text as a whole: a
 * part of it cannot be replaced and the rest still be read.
 */
import type { Groups } from '../groups.ts';
import { type View, ViewWriter } from './view.ts';

/** No value is written in fewer. */
const BASE64_CHARS_MIN = 12;
/** Lines of base64 are 60 to 76 characters long (RFC 7468, RFC 2045). */
const BASE64 =
  /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{12,}(?:(?<=[A-Za-z0-9+/]{60})\r?\n[ \t]?[A-Za-z0-9+/]{4,}){0,65536}={0,2}/g;
/** Two hexadecimal digits a byte: bare, or with a sign between them. */
const HEX =
  /(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:(?:[0-9A-Fa-f]{2}){6,}|(?:(?:[ :-]|, ?|,? ?0x)[0-9A-Fa-f]{2}){6,})(?![0-9A-Za-z])/g;
/** Eight binary digits a byte. */
const BINARY = /(?<![0-9A-Za-z])[01]{8}(?: ?[01]{8}){6,}(?![0-9A-Za-z])/g;
const MAY_BE_HEX = /[0-9A-Fa-f]{2}(?:[ :,-]{0,2}(?:0x)?[0-9A-Fa-f]{2}){6}/;

/** Characters of a byte or a few, as they stand between spaces. */
const BYTES_CHARS: ReadonlySet<number> = new Set([2, 4, 8]);
/** Seven bytes. */
const HEX_DIGITS_MIN = 14;

const SPACE = 0x20;
/** What stands inside of runs, beside letters and digits, by its code. */
const RUN_SIGNS = new Uint8Array(128);
for (const sign of '+/_-:,') RUN_SIGNS[sign.charCodeAt(0)] = 1;
const HEX_DIGITS = new Uint8Array(128);
for (const digit of '0123456789abcdefABCDEFx') HEX_DIGITS[digit.charCodeAt(0)] = 1;

/** The view with every such run decoded. */
export function decodedRuns(source: View): View {
  if (!hasLongRun(source.groups)) return source;
  const plain = runs(source, BASE64, fromBase64);
  if (!MAY_BE_HEX.test(plain.text)) return plain;
  return runs(runs(plain, HEX, fromHex), BINARY, fromBinary);
}

/**
 * Whether there is a run as long as the shortest, spaces between bytes left out, with what few words have: a digit, or
 * a capital behind a small letter. Digits alone are bytes only where there are more of them than most numbers have.
 */
function hasLongRun(groups: Groups): boolean {
  const { starts, ends, digits } = groups;
  let chars = 0;
  let digitsAlone = 0;
  let tells = false;
  let toTell = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    if (i > 0 && goesOn(groups, i - 1)) chars += start - (ends[i - 1] ?? 0);
    else {
      chars = 0;
      digitsAlone = 0;
      tells = false;
      toTell = i;
    }
    chars += end - start;
    digitsAlone += digits[i] === end - start ? end - start : Number.NaN;
    if (chars < BASE64_CHARS_MIN || digitsAlone < HEX_DIGITS_MIN) continue;
    for (; !tells && toTell <= i; toTell++) tells = (digits[toTell] ?? 0) > 0 || hasCamel(groups, toTell);
    if (tells) return true;
  }
  return false;
}

/** Whether a run goes on behind a group: over signs of its own, or a space behind bytes. */
function goesOn({ text, starts, ends }: Groups, index: number): boolean {
  const end = ends[index] ?? 0;
  const next = starts[index + 1] ?? 0;
  if (next - end === 1 && text.charCodeAt(end) === SPACE) {
    const start = starts[index] ?? 0;
    return BYTES_CHARS.has(end - start) && areHex(text, start, end);
  }
  for (let i = end; i < next; i++) if (RUN_SIGNS[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** Whether characters are hexadecimal digits; an `x` among them counts, as in `0x`. */
function areHex(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (HEX_DIGITS[text.charCodeAt(i)] !== 1) return false;
  return true;
}

const hasCamel = ({ text, starts, ends }: Groups, index: number): boolean =>
  /[a-z][A-Z]/.test(text.slice(starts[index], ends[index]));

function runs(source: View, pattern: RegExp, textOf: (run: string) => readonly Decoded[]): View {
  const writer = new ViewWriter(source);
  pattern.lastIndex = 0;
  for (let found = pattern.exec(source.text); found !== null; found = pattern.exec(source.text)) {
    for (const { from, to, text } of textOf(found[0])) writer.put(found.index + from, found.index + to, text);
  }
  return writer.view('decoded');
}

interface Decoded {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The whole run, or else those of its parts that hold text: it can stand in a path or after a prefix. */
function fromBase64(run: string): readonly Decoded[] {
  // Long words and paths are runs too. Base64 of text has capitals and digits among its letters.
  if (!/[A-Z]/.test(run) || !/[0-9a-z]/.test(run) || /^[A-Z]?[a-z]+$/.test(run)) return [];
  const whole = base64Text(run);
  if (whole !== undefined) return [{ from: 0, to: run.length, text: whole }];
  if (!/[+/_-]/.test(run)) return [];
  const decoded: Decoded[] = [];
  for (const part of run.matchAll(/[A-Za-z0-9]{12,}={0,2}/g)) {
    const text = base64Text(part[0]);
    if (text !== undefined) decoded.push({ from: part.index, to: part.index + part[0].length, text });
  }
  return decoded;
}

/** Characters of base64 that are read to tell text from other bytes: a format's own text at the beginning is shorter. */
const LOOK_CHARS = 16_384;

/** Whether bytes in base64 are text, by their beginning. */
export const isEncodedText = (base64: string): boolean =>
  textOf(Buffer.from(base64.slice(0, LOOK_CHARS), 'base64'), true) !== undefined;

function base64Text(run: string): string | undefined {
  if (run.length < BASE64_CHARS_MIN) return undefined;
  // A look at the beginning spares the rest: most runs are no text.
  if (textOf(Buffer.from(run.slice(0, 12), 'base64'), true) === undefined) return undefined;
  return textOf(Buffer.from(run.replace(/\s/g, ''), 'base64'));
}

function fromHex(run: string): readonly Decoded[] {
  const text = textOf(Buffer.from(run.replace(/0x|[^0-9A-Fa-f]/g, ''), 'hex'));
  return text === undefined ? [] : [{ from: 0, to: run.length, text }];
}

function fromBinary(run: string): readonly Decoded[] {
  const bytes = run.replaceAll(' ', '').match(/.{8}/g) ?? [];
  const text = textOf(Buffer.from(bytes.map((bits) => Number.parseInt(bits, 2))));
  return text === undefined ? [] : [{ from: 0, to: run.length, text }];
}

const NO_TEXT = /[^\P{Cc}\t\n\r]|\ufffd/u;

/** UTF-8, or UTF-16 as Windows writes it; undefined if the bytes are no text. `cut`: the last character may be half. */
function textOf(bytes: Buffer, cut = false): string | undefined {
  const isWide = bytes.length > 3 && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0;
  const text = bytes.toString(isWide ? 'utf16le' : 'utf8');
  return NO_TEXT.test(cut ? text.replace(/\ufffd{1,3}$/, '') : text) ? undefined : text;
}
