/**
 * The folded view: text as a reader sees it. What shows nothing is gone; full-width, circled and mathematical forms, other
 * scripts' digits, and look-alike letters are plain; every kind of space and hyphen is one of each.
 */
import { MASK } from '../mask.ts';
import { HAN_NUMBER, sightOf } from './lookalike.ts';
import { type View, ViewWriter } from './view.ts';

/** Control characters, and all that is not ASCII. */
const CHANGEABLE = /[^\P{Cc}\t\n\r]|[^\p{ASCII}]/gu;
const LETTER = /\p{L}/u;
/** More on one Latin letter are decoration: Vietnamese has two. */
const MANY_MARKS = /\p{M}{3,}/uy;
/** Letters of a number's group. */
const CODE_CHARS_MAX = 4;
const WORD = /[\p{L}\p{N}\p{M}\p{Default_Ignorable_Code_Point}]+/uy;

/**
 * The folded view, or the source where only typography would change: a dash between words hides nothing.
 * @param masked whether the text holds masks, to be kept
 */
export function fold(source: View, masked: boolean): View {
  if (source.groups.isPlain) return source;
  const { text } = source;
  const folding = { text, writer: new ViewWriter(source), wordEnd: 0, isLatin: false, markEnd: -1 };
  let tells = false;
  CHANGEABLE.lastIndex = 0;
  for (let found = CHANGEABLE.exec(text); found !== null; found = CHANGEABLE.exec(text)) {
    if (masked && found[0] === MASK) continue;
    if (foldAt(folding, found[0], found.index)) tells = true;
    if (folding.writer.read > CHANGEABLE.lastIndex) CHANGEABLE.lastIndex = folding.writer.read;
  }
  return tells ? folding.writer.view('folded') : source;
}

interface Folding {
  readonly text: string;
  readonly writer: ViewWriter;
  /** Where the word ends that was looked at last, and whether it is read as a Latin one. */
  wordEnd: number;
  isLatin: boolean;
  /** Where the mark ends that was left out last: another on the same character goes with it. */
  markEnd: number;
}

/** Folds one character. Whether that is more than typography. */
function foldAt(folding: Folding, char: string, start: number): boolean {
  const { text, writer } = folding;
  const end = start + char.length;
  const { is, shows } = sightOf(char);
  switch (is) {
    case 'mark': {
      MANY_MARKS.lastIndex = start;
      const isLatin = /[\p{Script=Latin}\p{ASCII}]/u.test(text[start - 1] ?? '');
      const marks = isLatin ? (MANY_MARKS.exec(text)?.[0] ?? '') : '';
      if (marks === '' && shows !== '' && start !== folding.markEnd && isPartOfLetter(text, char, start))
        return false;
      folding.markEnd = Math.max(end, start + marks.length);
      writer.attach(start, folding.markEnd);
      return /[\p{L}\p{N}]/u.test(text[start - 1] ?? '') || shows !== '';
    }
    case 'han':
      return foldHan(folding, start);
    case 'foreign': {
      readWord(folding, start);
      if (shows === char) return false;
      writer.put(start, end, shows);
      return true;
    }
    case 'alike': {
      readWord(folding, start);
      if (!folding.isLatin) return false;
      writer.put(start, end, shows);
      return true;
    }
    default: {
      if (shows === char) return false;
      writer.put(start, end, shows);
      return isTelling(text, start, end, shows);
    }
  }
}

/**
 * A word whose every letter could be Latin is read as Latin, if some of it is: `pаypal` with a Cyrillic `а`, and not the
 * Russian `сор`.
 */
function readWord(folding: Folding, start: number): void {
  if (start < folding.wordEnd) return;
  const { text } = folding;
  WORD.lastIndex = start;
  const word = WORD.exec(text)?.[0] ?? '';
  folding.wordEnd = start + word.length;
  let latin = /[0-9A-Za-z]/.test(text[start - 1] ?? '');
  for (const char of word) {
    if (char < '\x80') latin = true;
    else if (sightOf(char).is === 'foreign') {
      folding.isLatin = false;
      return;
    } else if (/[\p{Script=Latin}\p{Script=Common}]/u.test(char) && sightOf(char).is === 'other')
      latin = true;
  }
  // So few letters in capitals are of a number as often as of a word.
  folding.isLatin = latin || (word.length <= CODE_CHARS_MAX && /^\p{Lu}+$/u.test(word));
}

/** Han digits are read as a number where many stand in a row. */
function foldHan({ text, writer }: Folding, start: number): boolean {
  HAN_NUMBER.lastIndex = start;
  const number = HAN_NUMBER.exec(text)?.[0];
  if (number === undefined) return false;
  for (let i = 0; i < number.length; i++) {
    writer.put(start + i, start + i + 1, sightOf(number[i] ?? '').shows);
  }
  return true;
}

/** An accent that makes a letter of its own, or a vowel sign of a script that has them, is no decoration. */
function isPartOfLetter(text: string, mark: string, start: number): boolean {
  const before = text[start - 1] ?? '';
  if (before >= '\x80') return /[\p{L}\p{M}]/u.test(before);
  return (before + mark).normalize('NFC').length === 1;
}

function isTelling(text: string, start: number, end: number, shows: string): boolean {
  if (shows === '') return /[\p{L}\p{N}@._+-]/u.test(text[start - 1] ?? '');
  // Beside a digit or an `@`, a space or a hyphen may part a value; elsewhere it is typography.
  if (shows === ' ' || shows === '-') {
    const isInside = shows === '-' && LETTER.test(text[start - 1] ?? '') && LETTER.test(text[end] ?? '');
    return isInside || /[\d@]/.test(text.slice(Math.max(0, start - 2), end + 2));
  }
  return true;
}
