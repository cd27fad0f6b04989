/** Makes the slips that people make on a keyboard. */
import { pick, type Random, seeded } from '../reading/random.ts';

/** Shorter words are left alone: their slips are seldom, and often other words. Letters. */
const WORD_LETTERS_MIN = 4;

/** The keys beside each on a QWERTY keyboard, in its row. */
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** One slip in a word, which has `WORD_LETTERS_MIN` letters at least; the first letter is kept, as people mostly do. */
const SLIPS: readonly ((word: string, at: number, random: Random) => string)[] = [
  // Two letters change places.
  (word, at) => word.slice(0, at - 1) + word[at] + word[at - 1] + word.slice(at + 1),
  // One is left out.
  (word, at) => word.slice(0, at) + word.slice(at + 1),
  // One comes twice.
  (word, at) => word.slice(0, at) + word[at] + word.slice(at),
  // The key beside it.
  (word, at, random) => word.slice(0, at) + neighbour(word[at] ?? '', random) + word.slice(at + 1),
];

/**
 * A text with at most `count` slips, each in another word of its own. Only words of plain letters are touched; the same
 * text, count and seed give the same slips.
 */
export function withTypos(text: string, count: number, seed: string): string {
  const random = seeded(`${seed} ${text}`);
  const words = text.split(/(\s+)/);
  const candidates = words.flatMap((word, at) =>
    /^[a-z]+$/i.test(word) && word.length >= WORD_LETTERS_MIN ? [at] : [],
  );
  for (let slip = 0; slip < count && candidates.length > 0; slip += 1) {
    const [at = 0] = candidates.splice(Math.floor(random() * candidates.length), 1);
    const word = words[at] ?? '';
    // Not the first letter, and one of which it shows: changing places with its like would not.
    const letter = 2 + Math.floor(random() * (word.length - 2));
    words[at] = pick(SLIPS, random)(word, letter, random);
  }
  return words.join('');
}

function neighbour(letter: string, random: Random): string {
  const lower = letter.toLowerCase();
  const row = ROWS.find((keys) => keys.includes(lower));
  if (row === undefined) return letter;
  const at = row.indexOf(lower);
  const beside = [row[at - 1], row[at + 1]].filter((key) => key !== undefined);
  const key = pick(beside, random);
  return letter === lower ? key : key.toUpperCase();
}
