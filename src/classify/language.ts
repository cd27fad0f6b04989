/** The language of a message, by n-grams (package `eld`, its smallest data set: 60 languages, about 1 MB). */
import { eld } from 'eld/extrasmall';

/** Letters below which nothing is said of a text in an alphabet that many languages share. */
const LETTERS_MIN = 12;
/** Words below which the best guess must beat the second by `LEAD_MIN`. */
const WORDS_FEW = 5;
const LEAD_MIN = 0.08;
/** `eld` reads no more than this of a text. */
const CHARS_MAX = 1000;
const UNDETERMINED = 'und';

/** In addresses, links and codes; they say nothing about the language of the words around them. */
const NOISE = /[@/\d_]/;

/** An ISO 639-1 code, or `und` when the text is too short or the guess is not reliable. */
export function languageOf(text: string): string {
  const telling = text
    .slice(0, CHARS_MAX)
    .split(/\s+/)
    .filter((word) => word !== '' && !NOISE.test(word));
  const words = telling.join(' ');
  const letters = words.match(/\p{L}/gu) ?? [];
  const others = letters.filter((letter) => /\p{Script=Latin}|\p{Script=Cyrillic}/u.test(letter)).length;
  const shared = others * 2 >= letters.length;
  if (letters.length === 0 || (shared && letters.length < LETTERS_MIN)) return UNDETERMINED;
  const guess = eld.detect(words);
  if (guess.language === '' || !guess.isReliable()) return UNDETERMINED;
  const [best = 0, second = 0] = Object.values(guess.getScores()).toSorted((a, b) => b - a);
  const few = telling.length < WORDS_FEW;
  return shared && few && best - second < LEAD_MIN ? UNDETERMINED : guess.language;
}
