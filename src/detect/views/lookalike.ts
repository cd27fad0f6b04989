/**
 * What a character outside of ASCII looks like to a reader. Compatibility forms (full-width, circled, mathematical …) come
 * from Unicode itself (UAX #15, NFKC); letters of other scripts that look like Latin ones are chosen from UTS #39,
 * confusables.txt: those that are the same in common typefaces.
 */

/** Letters of other scripts, each right before the Latin letter that it looks like. */
const LETTERS = new Map(
  // Cyrillic, Greek, Armenian, Cherokee, and what Latin itself has twice.
  [
    'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwѵvӏlԍgҽeѡwՕOԍG',
    'АAВBЕEЗ3КKМMНHОOРPСCТTУYХXІIЈJЅSԌGҮYԚQԜWҺhӀI',
    'αaοoρpνvιiκkυuϲcϳjγyωwτtєe',
    'ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϹCͿJ',
    'օoսuոnհhցgզqյjւi',
    'ᎪAᏴBᏟCᎠDᎬEᏀGᎻHᎫJᏦKᏞLᎷMᏢPᏒRᏚSᎢTᏙVᎳWᏃZ',
    'ıiɡgɑaℓlƽ5ǀlƖlᴀAʙBᴄcᴅDᴇEɢGʜHɪIᴊJᴋKʟLᴍMɴNᴏoᴘPʀRᴛTᴜuᴠvᴡwʏYᴢz',
  ].flatMap((row) => {
    const chars = [...row];
    return chars.flatMap((char, i) => (i % 2 === 0 ? [[char, chars[i + 1] ?? char] as const] : []));
  }),
);

/** Marks that are written for an ASCII one. */
const MARKS = new Map([
  ...[...'。۔٫ꓸ܁'].map((char) => [char, '.'] as const),
  ...[...'⁄∕⧸'].map((char) => [char, '/'] as const),
  ...[...'∶꞉ː'].map((char) => [char, ':'] as const),
  ...[...'−⁃˗'].map((char) => [char, '-'] as const),
  ...[...'➕﬩'].map((char) => [char, '+'] as const),
  ['\u2028', '\n'],
  ['\u2029', '\n'],
  ['\u2800', ' '],
  ['…', '…'],
  ['🔟', '10'],
  ['⓿', '0'],
]);

/** Signs that Unicode does not decompose: the first of a row, how many, and what the first one shows. */
const ROWS: readonly (readonly [first: number, count: number, shows: string | number])[] = [
  [0x24eb, 10, 11],
  [0x24f5, 10, 1],
  [0x2776, 10, 1],
  [0x2780, 10, 1],
  [0x278a, 10, 1],
  [0x1f150, 26, 'A'],
  [0x1f170, 26, 'A'],
  [0x1f1e6, 26, 'A'],
  // Tags: invisible copies of ASCII, in which text can be smuggled.
  [0xe0020, 95, ' '],
];

const HAN_DIGITS = new Map([
  ...[...'〇一二三四五六七八九'].map((char, value) => [char, String(value)] as const),
  ...[...'零壹贰叁肆伍陆柒捌玖'].map((char, value) => [char, String(value)] as const),
]);

/** One sign must not become a sentence: U+FDFA stands for eighteen letters. */
const SHOWS_CHARS_MAX = 4;
/** Characters remembered. A text in one script has a few hundred. */
const KNOWN_CHARS_MAX = 4_096;

export interface Sight {
  /**
   * `alike`: a letter that looks like a Latin one; `foreign`: a letter that does not, so that its whole word is of its
   * script; `mark`: goes with the character before it, as an accent does; `han`: a digit, if it stands among others.
   */
  readonly is: 'alike' | 'foreign' | 'mark' | 'han' | 'other';
  /** What it shows a reader, in ASCII where it can; empty if nothing. */
  readonly shows: string;
}

const known = new Map<string, Sight>();

/** What a reader sees of a character (one code point). */
export function sightOf(char: string): Sight {
  let sight = known.get(char);
  if (sight === undefined) {
    sight = look(char);
    if (known.size < KNOWN_CHARS_MAX) known.set(char, sight);
  }
  return sight;
}

function look(char: string): Sight {
  const letter = LETTERS.get(char);
  if (letter !== undefined) return { is: 'alike', shows: letter };
  const han = HAN_DIGITS.get(char);
  if (han !== undefined) return { is: 'han', shows: han };
  if (/\p{M}/u.test(char)) {
    return { is: 'mark', shows: /\p{Default_Ignorable_Code_Point}|\p{Me}/u.test(char) ? '' : char };
  }
  const shows = shownBy(char);
  return { is: isForeign(char) ? 'foreign' : 'other', shows };
}

const isForeign = (char: string): boolean => /[^\p{Script=Latin}\p{Script=Common}\P{L}]/u.test(char);

function shownBy(char: string): string {
  const mark = MARKS.get(char);
  if (mark !== undefined) return mark;
  const code = char.codePointAt(0) ?? 0;
  for (const [first, count, shows] of ROWS) {
    const step = code - first;
    if (step < 0 || step >= count) continue;
    return typeof shows === 'number' ? String(shows + step) : String.fromCharCode(shows.charCodeAt(0) + step);
  }
  if (/[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cc}]/u.test(char)) return '';
  if (/\p{Zs}/u.test(char)) return ' ';
  if (/\p{Pd}/u.test(char)) return '-';
  if (/\p{Nd}/u.test(char)) return digitOf(code);
  const plain = char.normalize('NFKC');
  if (plain === char || plain.length > SHOWS_CHARS_MAX) return char;
  // `⑴`, `⒈` and `🄂` are digits in brackets and with a mark.
  const number = /^\(?(\d{1,2})[.,)]$/.exec(plain)?.[1];
  return number ?? MARKS.get(plain) ?? plain;
}

/** Decimal digits stand in tens, their zero first: the Unicode Standard, section 4.6. */
function digitOf(code: number): string {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
  return String(before % 10);
}

/** Han digits in a row that long are a number read out; a few are words. */
export const HAN_NUMBER = /[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]{6,64}/y;
