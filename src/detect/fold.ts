/**
 * Text as a reader sees it: characters that show nothing removed, other scripts' digits and full-width forms made
 * plain, every kind of space and hyphen one of each, and the escapes of source text (`\n`, `\u0040`) what they stand for: a
 * log line or a piece of JSON in prose is full of them. A value that hides behind such characters is found in this view,
 * and its place in the raw text is known.
 */
import { MASK } from './subject.ts';

export interface Folded {
  readonly text: string;
  /** Where in the raw text the span from `start` to `end` of this view lies. */
  readonly raw: (start: number, end: number) => readonly [start: number, end: number];
}

const NOT_ASCII = /[^\p{ASCII}]/u;
/** An escape as JSON and most languages have it, escaped again any number of times up to eight. */
const ESCAPE = /\\{1,8}(?:([nrt])|u([0-9A-Fa-f]{4})|(["'/]))/y;
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u034f|\u20e3|[\ufe00-\ufe0f]|[\u180b-\u180f]|\u17b4|\u17b5/;
const SPACE = /[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const HYPHEN = /[\u2010-\u2015\u2212\ufe58\ufe63]/;
/** Zeros of the decimal digits in use beside ASCII's: the nine others follow each. */
const ZEROS = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810,
];

/** The folded view, or undefined where it would be the text itself. `masked`: the text holds masks, to be kept. */
export function fold(text: string, masked: boolean): Folded | undefined {
  if (!text.includes('\\') && !NOT_ASCII.test(text)) return undefined;
  let folded = '';
  let differs = false;
  const origins = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  for (let i = 0, next = 0; i < text.length; i = next) {
    const [char, chars] = charAt(text, i);
    next = i + chars;
    const plain = char < '\u0080' ? char : plainOf(char, masked && chars === 1);
    if (plain !== char || chars > 1) differs = true;
    if (plain === '') continue;
    origins[folded.length] = i;
    ends[folded.length] = next;
    folded += plain;
  }
  if (!differs) return undefined;
  return { text: folded, raw: (start, end) => [origins[start] ?? 0, ends[end - 1] ?? 0] };
}

/** The character that stands at a place, escaped or not, and how many code units it is written in. */
function charAt(text: string, place: number): readonly [char: string, chars: number] {
  const char = text[place] ?? '';
  if (char !== '\\') return [char, 1];
  ESCAPE.lastIndex = place;
  const found = ESCAPE.exec(text);
  if (found === null) return [char, 1];
  const [all, space, code, sign] = found;
  if (code !== undefined) return [String.fromCharCode(Number.parseInt(code, 16)), all.length];
  return [space === undefined ? (sign ?? char) : space === 't' ? ' ' : '\n', all.length];
}

function plainOf(char: string, masked: boolean): string {
  if (INVISIBLE.test(char) || (char === MASK && !masked)) return '';
  if (SPACE.test(char)) return ' ';
  if (HYPHEN.test(char)) return '-';
  const code = char.charCodeAt(0);
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  if (code >= 0x0660 && code <= 0x1819) {
    const zero = ZEROS.find((first) => code >= first && code <= first + 9);
    if (zero !== undefined) return String(code - zero);
  }
  return char;
}
