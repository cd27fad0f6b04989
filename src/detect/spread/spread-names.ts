/**
 * Names that a model found once, wherever else they stand: the whole name, and a person's first or last name alone. A name
 * can be a word as well, so one word counts only with its capital, and not where it is one of the commonest words.
 */
import { Literals } from '../../literals.ts';
import { type EntityKind, NAME_SCORE_SURE } from '../../personal-kinds.ts';
import { standsAlone } from '../spans.ts';
import { fold } from '../views/fold.ts';
import { rawView } from '../views/view.ts';
import type { Known, Search } from './known.ts';

const KINDS: ReadonlySet<EntityKind> = new Set(['PERSON', 'ORGANIZATION', 'ADDRESS', 'LOCATION', 'USERNAME']);
/** Letters of a single word, and of a first or last name alone. */
const WORD_CHARS_MIN = 4;
const PART_CHARS_MIN = 3;
const NAME_CHARS_MAX = 200;
/** How sure a part is, of what the whole name is. */
const PART_SCORE = 0.9;

/** Names that begin sentences as words do. */
const WORDS = new Set(
  `will may mark art bill hope grace rose may june april august drew pat sue jack frank rich dean earl guy chase chance
  faith joy dawn eve summer autumn holly ivy olive violet amber ruby pearl jade page paige reed wade clay cliff heath
  dale glen lane miles grant rob ray jay van von der den del dos das los las the and for you our his her your with from
  young long short white black brown green gray grey gold silver king prince bishop pope judge major day week west east
  north south street church bank wood woods hill hills field lake rivers stone fox wolf bird fish best good wise power
  price cash case cook baker miller smith carter taylor mason potter hunter fisher page love little small moon snow frost
  rain winter spring mr mrs ms dr sir team support customer service`.split(/\s+/),
);

/** Scripts without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const CASED = /\p{Lu}|\p{Ll}/u;

interface Name {
  readonly known: Known;
  /** In one word, or made of common ones: it counts only with a capital. */
  readonly needsCapital: boolean;
}

/** Looks for all names among `values`; undefined if none can be looked for. */
export function namesIn(values: ReadonlyMap<string, Known>): Search | undefined {
  const names = new Map<string, Name>();
  for (const known of values.values()) {
    if (!KINDS.has(known.kind) || known.score < NAME_SCORE_SURE || known.value.length > NAME_CHARS_MAX)
      continue;
    const isCased = CASED.test(known.value);
    const words = known.value.split(/[\s,]+/).filter((word) => word !== '');
    const isOneWord = words.length === 1;
    if (isCased && isOneWord && !isCapitalWord(known.value, WORD_CHARS_MIN)) continue;
    if (!isCased && known.value.length < (UNSPACED.test(known.value) ? 2 : PART_CHARS_MIN)) continue;
    const isOfWords = words.every((word) => WORDS.has(word.toLowerCase()));
    put(names, known.value, { known, needsCapital: isCased && (isOneWord || isOfWords) });
    if (known.kind !== 'PERSON' || isOneWord) continue;
    for (const word of words) {
      if (isCased && !isCapitalWord(word, PART_CHARS_MIN)) continue;
      if (!isCased && word.length < PART_CHARS_MIN) continue;
      put(names, word, { known: { ...known, score: known.score * PART_SCORE }, needsCapital: isCased });
    }
  }
  if (names.size === 0) return undefined;
  const wanted = [...names.values()];
  const literals = new Literals([...names.keys()]);
  return (_text, view) => {
    const small = inSmallLetters(view.text);
    return literals.find(small).flatMap(({ index, start, end }) => {
      const name = wanted[index];
      if (name === undefined || !isWhole(view.text, start, end)) return [];
      if (name.needsCapital && !/^\p{Lu}/u.test(view.text.slice(start, start + 2))) return [];
      const [from, to] = view.raw(start, end);
      return [{ start: from, end: to, known: name.known }];
    });
  };
}

/** As it is written, and as a view of another text shows it. */
function put(names: Map<string, Name>, value: string, name: Name): void {
  for (const written of [value, fold(rawView(value), false).text]) {
    const small = inSmallLetters(written);
    if (!names.has(small)) names.set(small, name);
  }
}

const isCapitalWord = (word: string, charsMin: number): boolean =>
  word.length >= charsMin && /^\p{Lu}[\p{L}\p{M}'’-]*$/u.test(word) && !WORDS.has(word.toLowerCase());

/**
 * In small letters and with plain spaces, of the same length as it was: a name may go on in the next line, and has `+` or
 * `_` for a space in URLs and names of files. The guard reads it so as well.
 */
const inSmallLetters = (text: string): string => {
  const spaced = text.replace(/[\s+_]/g, ' ');
  const small = spaced.toLowerCase();
  if (small.length === spaced.length) return small;
  return spaced.replace(/\p{Lu}/gu, (letter) => {
    const other = letter.toLowerCase();
    return other.length === letter.length ? other : letter;
  });
};

/** Whole words; where words are not parted, any place will do. */
const isWhole = (text: string, start: number, end: number): boolean =>
  UNSPACED.test(text.slice(start, end)) || standsAlone(text, start, end);
