/** Finds the values of a list as a reader would: as whole words, in capitals or not, whatever space parts the words. */
import { Literals, type Occurrence } from '../../literals.ts';

export class Listed {
  readonly #literals: Literals;

  /** @param values the later of two that are read alike is found */
  constructor(values: readonly string[]) {
    this.#literals = new Literals(values.map(sameLength));
  }

  /** `index` says which of the values. */
  find(text: string): Occurrence[] {
    return this.#literals.find(sameLength(text)).filter(({ start, end }) => standsAlone(text, start, end));
  }
}

/** In lower case, with every space the same, in as many code units: a place in it is a place in the text. */
function sameLength(text: string): string {
  const lower = text.toLowerCase();
  const same =
    lower.length === text.length
      ? lower
      : text.replace(/\p{Lu}/gu, (char) => {
          const small = char.toLowerCase();
          return small.length === char.length ? small : char;
        });
  return same.replace(/\s/g, ' ');
}

const WORD = /[\p{L}\p{N}]/u;
/** Scripts that write no spaces between words, or put endings right behind a name. */
const UNPARTED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

function standsAlone(text: string, start: number, end: number): boolean {
  return !continues(text[start], text[start - 1]) && !continues(text[end - 1], text[end]);
}

/** Whether a word goes on over the edge between two characters. */
const continues = (inside = '', outside = ''): boolean =>
  WORD.test(inside) && WORD.test(outside) && !UNPARTED.test(inside);
