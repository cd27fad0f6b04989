/**
 * The decoded view: escapes and encodings undone, wherever they stand in the text. Each form by its standard: JSON and C
 * escapes (RFC 8259, section 7), percent (RFC 3986, section 2.1), HTML character references and tags (WHATWG HTML, 13.5),
 * quoted-printable (RFC 2045, section 6.7). Base64 and hexadecimal: encoded-run.ts.
 */
import { decodedRuns } from './encoded-run.ts';
import { namedCharacter } from './html-character.ts';
import { type View, ViewWriter } from './view.ts';

/** Encodings inside of encodings. The rest stays encoded. */
const TIMES_MAX = 3;

export function decode(source: View): View {
  let view = source;
  for (let time = 0; time < TIMES_MAX; time++) {
    const next = decodedRuns(undoEscapes(view));
    if (next === view) break;
    view = next;
  }
  return view;
}

const ESCAPES = [
  // Escaped again any number of times up to eight.
  // In style sheets (CSS Syntax 3, section 4.3.7): of up to six digits, and with fewer a space may end them.
  String.raw`\\{1,8}(?:u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(0{4}[2-7][0-9A-Fa-f]|(?:0{2,3}[2-7][0-9A-Fa-f]|40|2[BbDdEe]|5[Ff])(?: (?=[0-9A-Fa-f]))?)|([0-7]{3})|([nrtfbv"'/@.+_()-]))`,
  '((?:%[0-9A-Fa-f]{2}){1,256})',
  String.raw`&(?:amp;){0,4}#(?:[xX]([0-9A-Fa-f]{1,6})|0{0,4}(\d{1,7}));?`,
  '&(?:amp;){0,4}([A-Za-z]{2,8});',
  // A tag, or a comment: what it parts stands together on the page. Not what could be an address in angle brackets.
  String.raw`(<(?!(?:a|at|dot|punkt|point|punto)>)\/?(?:[a-zA-Z][a-zA-Z0-9]{0,10}(?:\s[^<>@]{0,256})?\/?>|!--[^<>]{0,256}-->))`,
];
/** Emphasis in Markdown inside of a value. */
const EMPHASIS = /(?<=[0-9A-Za-z@.+-])(?:\*{2,3}|~~)(?=[0-9A-Za-z@.+-])/g;
const ESCAPE = new RegExp(ESCAPES.join('|'), 'g');
/** What stands between two strings that a program puts together: `"jane" + "@example.org"`. */
const ADDED = /(?<=[0-9A-Za-z@.+_ -])["'`]\s?(?:[+.&]|\|\|)\s?["'`](?=[0-9A-Za-z@.+_ -])/g;
const mayBeAdded = (text: string): boolean =>
  (text.includes('+') || text.includes('&') || text.includes(' . ') || text.includes('||')) &&
  (text.includes('"') || text.includes("'") || text.includes('`'));
const QUOTED_PRINTABLE = /((?:=[0-9A-F]{2}){1,256})|=[ \t]{0,4}\r?\n/g;
/** A soft line break, two bytes side by side, or the signs that only an encoder writes so: `page=20` is none. */
const HAS_QUOTED_PRINTABLE = /=\r?\n|=[0-9A-F]{2}=[0-9A-F]{2}|=(?:40|3D|2E|2D|2B|5F)|(?:=20[^=]{1,80}){2}/;
/** What each form begins with. Most text has none. */
const MAY_BE_ESCAPED = /\\[uUx0-7nrtfbv"'/@.+_()-]|%[0-9A-Fa-f]{2}|&(?:#|[A-Za-z]{2,8};)|<[/a-zA-Z!]/;

function undoEscapes(source: View): View {
  const { text } = source;
  const plain =
    hasEscapeSign(text) && MAY_BE_ESCAPED.test(text) ? written(source, ESCAPE, unescaped) : source;
  const bare =
    plain.text.includes('**') || plain.text.includes('~~') ? written(plain, EMPHASIS, () => '') : plain;
  const whole = mayBeAdded(bare.text) ? written(bare, ADDED, () => '') : bare;
  if (!whole.text.includes('=') || !HAS_QUOTED_PRINTABLE.test(whole.text)) return whole;
  return written(whole, QUOTED_PRINTABLE, ({ 1: bytes }) => (bytes === undefined ? '' : utf8(bytes)));
}

/** Searches for one character cost next to nothing. */
const hasEscapeSign = (text: string): boolean =>
  text.includes('\\') || text.includes('%') || text.includes('&') || text.includes('<');

/** The source with each match of a pattern written as `write` says; undefined leaves it. */
function written(
  source: View,
  pattern: RegExp,
  write: (found: RegExpExecArray) => string | readonly Piece[] | undefined,
): View {
  const writer = new ViewWriter(source);
  pattern.lastIndex = 0;
  for (let found = pattern.exec(source.text); found !== null; found = pattern.exec(source.text)) {
    const result = write(found);
    if (result === undefined) continue;
    if (typeof result === 'string') writer.put(found.index, pattern.lastIndex, result);
    else for (const { from, to, text } of result) writer.put(found.index + from, found.index + to, text);
  }
  return writer.view('decoded');
}

/** A character of a run of encoded bytes, and where in the run it is written. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const SPACES: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: ' ', f: ' ', b: '', v: ' ' };

function unescaped(found: RegExpExecArray): string | readonly Piece[] | undefined {
  const [all, u4, braced, u8, x2, css, octal, sign, percent, hexadecimal, decimal, name, tag] = found;
  if (tag !== undefined) return isBlock(tag) ? '\n' : '';
  if (percent !== undefined) return utf8(percent);
  if (name !== undefined) return namedCharacter(name);
  if (sign !== undefined) return SPACES[sign] ?? sign;
  // An octal escape of digits alone could be a path's: `C:\123`.
  if (octal !== undefined) return all.length > 4 ? undefined : character(Number.parseInt(octal, 8));
  const hex = u4 ?? braced ?? u8 ?? x2 ?? css ?? hexadecimal;
  return character(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
}

const character = (code: number): string | undefined =>
  code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;

/** A line ends on the page where one of these stands in its source. */
const isBlock = (tag: string): boolean =>
  /^<\/?(?:br|p|div|td|th|tr|li|ul|ol|table|h[1-6]|hr|pre)[\s/>]/i.test(tag);

/** Bytes written `%40` or `=40`, as UTF-8; a byte that is none is left as the character it would be in Latin-1. */
function utf8(run: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const bytes = Uint8Array.from({ length: run.length / 3 }, (_, i) =>
    Number.parseInt(run.slice(i * 3 + 1, i * 3 + 3), 16),
  );
  for (let i = 0; i < bytes.length; ) {
    const size = sizeOf(bytes, i);
    const code = codeAt(bytes, i, size);
    pieces.push({ from: i * 3, to: (i + size) * 3, text: String.fromCodePoint(code) });
    i += size;
  }
  return pieces;
}

/** Bytes of the UTF-8 character that begins at a place (RFC 3629); one if it is none. */
function sizeOf(bytes: Uint8Array, place: number): number {
  const first = bytes[place] ?? 0;
  const size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  if (first >= 0xf5) return 1;
  for (let i = 1; i < size; i++) if (((bytes[place + i] ?? 0) & 0xc0) !== 0x80) return 1;
  return size;
}

function codeAt(bytes: Uint8Array, place: number, size: number): number {
  if (size === 1) return bytes[place] ?? 0;
  let code = (bytes[place] ?? 0) & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) code = (code << 6) | ((bytes[place + i] ?? 0) & 0x3f);
  return Math.min(code, 0x10ffff);
}
