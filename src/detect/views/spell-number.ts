/** Numbers that are read out, `four one double five oh nine`, written in digits. A few such words are just words. */
import { mayBeNumberWord, type NumberWord, numberWord } from './number-word.ts';
import { type View, ViewWriter } from './view.ts';

/** Words for digits that make a number; and of what stands between two. */
const WORDS_MIN = 3;
const GAP_CHARS_MAX = 4;

/** Letters of a number that are not read out as words, `four GU two`: they stay as they are. */
const LETTERS: NumberWord = { is: 'letters', writes: '' };
const LETTERS_MAX = 4;

/** A word or a group of digits of a number that is read out. */
interface Token {
  readonly start: number;
  readonly end: number;
  readonly word: NumberWord;
  readonly isWord: boolean;
}

export function spellNumbers(source: View): View {
  const { text } = source;
  const writer = new ViewWriter(source);
  let run: Token[] = [];
  eachToken(source, (start, end, isWord) => {
    const last = run.at(-1);
    const word = wordAt(text, start, end, isWord, last !== undefined);
    if (last !== undefined && (word === undefined || start - last.end > GAP_CHARS_MAX)) {
      write(writer, run);
      run = [];
    }
    if (word !== undefined) run.push({ start, end, word, isWord });
  });
  write(writer, run);
  return writer.view('spelled');
}

/** @param goesOn whether a number has begun: letters alone begin none */
function wordAt(
  text: string,
  start: number,
  end: number,
  isWord: boolean,
  goesOn: boolean,
): NumberWord | undefined {
  if (!isWord) return { is: 'digits', writes: text.slice(start, end) };
  const word = mayBeNumberWord(text, start, end) ? numberWord(text.slice(start, end)) : undefined;
  return word ?? (goesOn && end - start <= LETTERS_MAX && isCapital(text, start, end) ? LETTERS : undefined);
}

/** Visits every word and every group of digits. */
function eachToken(
  { text, groups }: View,
  visit: (start: number, end: number, isWord: boolean) => void,
): void {
  if (!groups.isPlain) {
    for (let start = 0; start < text.length; ) {
      const end = tokenEnd(text, start);
      if (end > start) visit(start, end, !isDigit(text.charCodeAt(start)));
      start = Math.max(end, start + 1);
    }
    return;
  }
  const { starts, ends, digits } = groups;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    const count = digits[i] ?? 0;
    if (count === 0 || count === end - start) {
      visit(start, end, count === 0);
      continue;
    }
    for (let at = start; at < end; ) {
      const next = tokenEnd(text, at);
      visit(at, next, !isDigit(text.charCodeAt(at)));
      at = next;
    }
  }
}

function isCapital(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x41 || code > 0x5a) return false;
  }
  return true;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

const LETTERS_END = 0x2000;
const DIGIT = 1;
const LETTER = 2;
/** What a character is, by its code: every character of every text is asked about. */
const KINDS = Uint8Array.from({ length: LETTERS_END }, (_, code) =>
  isDigit(code) ? DIGIT : code >= 0xc0 || /[A-Za-z]/.test(String.fromCharCode(code)) ? LETTER : 0,
);
const kindAt = (text: string, place: number): number => {
  const code = text.charCodeAt(place);
  return code < LETTERS_END ? (KINDS[code] ?? 0) : 0;
};

/** Where the word or the group of digits ends that begins at a place; the place itself if none does. */
function tokenEnd(text: string, start: number): number {
  const kind = kindAt(text, start);
  if (kind === 0) return start;
  let end = start + 1;
  while (end < text.length && (kindAt(text, end) === kind || isApostrophe(text, end))) end++;
  return end;
}

/** Inside of a Ukrainian word. */
const isApostrophe = (text: string, at: number): boolean =>
  (text[at] === "'" || text[at] === '’') && text.charCodeAt(at - 1) > 0x400;

function write(writer: ViewWriter, run: readonly Token[]): void {
  if (digitsIn(run) < WORDS_MIN) return;
  // Signs at an end belong to the sentence, but for a leading plus.
  let first = 0;
  let last = run.length;
  while (first < last && !begins(run[first]?.word)) first++;
  while (last > first && !ends(run[last - 1]?.word)) last--;
  const tokens = run.slice(first, last);
  if (digitsIn(tokens) < WORDS_MIN) return;
  tokens.forEach(({ start, end, word }, i) => {
    const before = tokens[i - 1];
    // What stands between two is no part of the number; what a word `dash` says is.
    if (word.is === 'letters') return;
    if (before !== undefined && before.end < start && !isKept(before.word)) writer.put(before.end, start, '');
    // `double five` is one: its digits stand for both words.
    if (word.is !== 'times')
      writer.put(before?.word.is === 'times' ? before.start : start, end, digitsOf(tokens, i));
  });
}

/** What its words write. A word of several digits counts as as many: `fouroneone` is one. */
const digitsIn = (run: readonly Token[]): number => {
  let digits = 0;
  for (const { isWord, word } of run) if (isWord) digits += word.writes.length;
  return digits;
};

const begins = (word: NumberWord | undefined): boolean =>
  word !== undefined && word.is !== 'letters' && (word.is !== 'sign' || word.writes === '+');
const ends = (word: NumberWord | undefined): boolean => word?.is === 'digits' || word?.is === 'tens';
/** Whether what stands behind a word stays: it is written with the next one, or is not part of it. */
const isKept = ({ is }: NumberWord): boolean => is === 'times' || is === 'letters';

/** What a token writes. */
function digitsOf(tokens: readonly Token[], i: number): string {
  const word = tokens[i]?.word;
  const next = tokens[i + 1]?.word;
  const before = tokens[i - 1]?.word;
  if (word === undefined) return '';
  if (word.is === 'tens')
    return next?.is === 'digits' && /^[1-9]$/.test(next.writes) ? word.writes : `${word.writes}0`;
  return before?.is === 'times' ? word.writes.repeat(Number(before.writes)) : word.writes;
}
