/** The parts of a person's name that a placeholder can stand for. Names that it cannot take apart stay whole. */

export interface NameParts {
  /** Not there where a title is all that stands before the last name. */
  readonly first: string | undefined;
  /** With its particles: `van Beethoven`. */
  readonly last: string;
}

const TITLE =
  /^(?:mr|mrs|ms|miss|mx|sir|dame|lord|lady|dr|prof|professor|rev|hon|herr|frau|hr|fr|dipl|ing|mag|m|mme|mlle|monsieur|madame|sr|sra|srta|señor|señora|don|doña|sig|signor|signora|dott|ssa|dhr|mevr|pan|pani|bay|bayan)\.?$/i;
/** Titles that are first names, or shortened ones, as well: right before a last name they are taken for that. */
const TITLE_OR_FIRST = /^(?:don|pan|bay|ing|mag|lord|lady|dame|sig|hon|m\.?)$/i;
const SUFFIX = /^(?:jr|sr|ii|iii|iv|ph\.?d|md|esq|mba|msc|bsc)\.?$/i;
const PARTICLE =
  /^(?:van|von|vom|zu|zur|de|del|della|der|den|di|da|dos|das|du|la|le|bin|ibn|al|el|ten|ter|af|av)$/i;
/** More words than these are no name. */
const WORDS_MAX = 8;

interface TakenApart {
  readonly titles: readonly string[];
  readonly words: readonly string[];
  /** Titles, and a last name alone: `Frau van Dijk`. */
  readonly isLastAlone: boolean;
}

/** A name taken apart, family name last, without suffixes and a possessive. */
function takenApart(name: string): TakenApart {
  const plain = name.trim().replace(/['’]s?$/i, '');
  const comma = /^([^,]{1,60}),\s{0,4}([^,]{1,60})$/.exec(plain);
  const turned = comma === null || SUFFIX.test(comma[2] ?? '') ? plain : `${comma[2]} ${comma[1]}`;
  const words = turned.split(/[\s,]+/).filter((word) => word !== '');
  const titles: string[] = [];
  while (words.length > 1 && TITLE.test(words[0] ?? '')) titles.push(words.shift() ?? '');
  while (words.length > 1 && SUFFIX.test(words.at(-1) ?? '')) words.pop();
  if (words.length === 1 && TITLE_OR_FIRST.test(titles.at(-1) ?? '')) words.unshift(titles.pop() ?? '');
  const isLastAlone = titles.length > 0 && (words.length === 1 || PARTICLE.test(words[0] ?? ''));
  return { titles, words, isLastAlone };
}

/**
 * The words that tell one person from another. A title tells nothing beside a first name, but beside a last name alone,
 * or an initial, it does: Mr Miller is not Mrs Miller.
 */
export function nameWords(name: string): string[] {
  const { titles, words, isLastAlone } = takenApart(name);
  const isTold = !isLastAlone && /^[^.]{2,}$/.test(words[0] ?? '');
  return isTold ? [...words] : [...titles.map((title) => title.replace(/\.$/, '')), ...words];
}

/** First and last name; undefined for a name of one word. */
export function namePartsOf(name: string): NameParts | undefined {
  const { words, isLastAlone } = takenApart(name);
  if (words.length > WORDS_MAX) return undefined;
  if (isLastAlone) return { first: undefined, last: words.join(' ') };
  if (words.length < 2) return undefined;
  const particle = words.findIndex((word, i) => i > 0 && i < words.length - 1 && PARTICLE.test(word));
  return { first: words[0], last: words.slice(particle === -1 ? -1 : particle).join(' ') };
}

/** The capitals that a name is shortened to: `J.S.` */
export function initialsOf(name: string): string {
  return takenApart(name)
    .words.filter((word) => !PARTICLE.test(word))
    .map((word) => `${([...word][0] ?? '').toUpperCase()}.`)
    .join('');
}
