/** The parts of a person's name that a placeholder can stand for. Names that it cannot take apart stay whole. */

export interface NameParts {
  readonly first: string;
  /** With its particles: `van Beethoven`. */
  readonly last: string;
}

const TITLE =
  /^(?:mr|mrs|ms|miss|mx|sir|dame|lord|lady|dr|prof|professor|rev|hon|herr|frau|hr|fr|dipl|ing|mag|m|mme|mlle|monsieur|madame|sr|sra|srta|señor|señora|don|doña|sig|signor|signora|dott|ssa|dhr|mevr|pan|pani|bay|bayan)\.?$/i;
const SUFFIX = /^(?:jr|sr|ii|iii|iv|ph\.?d|md|esq|mba|msc|bsc)\.?$/i;
const PARTICLE =
  /^(?:van|von|vom|zu|zur|de|del|della|der|den|di|da|dos|das|du|la|le|bin|ibn|al|el|ten|ter|af|av)$/i;
/** More words than these are no name. */
const WORDS_MAX = 8;

/** The words of a name without titles, suffixes and a possessive, family name last. */
export function nameWords(name: string): string[] {
  const plain = name.trim().replace(/['’]s?$/i, '');
  const comma = /^([^,]{1,60}),\s{0,4}([^,]{1,60})$/.exec(plain);
  const turned = comma === null || SUFFIX.test(comma[2] ?? '') ? plain : `${comma[2]} ${comma[1]}`;
  const words = turned.split(/[\s,]+/).filter((word) => word !== '');
  while (words.length > 1 && TITLE.test(words[0] ?? '')) words.shift();
  while (words.length > 1 && SUFFIX.test(words.at(-1) ?? '')) words.pop();
  return words;
}

/** First and last name; undefined for a name of one word. */
export function namePartsOf(name: string): NameParts | undefined {
  const words = nameWords(name);
  const first = words[0];
  if (first === undefined || words.length < 2 || words.length > WORDS_MAX) return undefined;
  const particle = words.findIndex((word, i) => i > 0 && i < words.length - 1 && PARTICLE.test(word));
  return { first, last: words.slice(particle === -1 ? -1 : particle).join(' ') };
}

/** The capitals that a name is shortened to: `J.S.` */
export function initialsOf(name: string): string {
  return nameWords(name)
    .filter((word) => !PARTICLE.test(word))
    .map((word) => `${([...word][0] ?? '').toUpperCase()}.`)
    .join('');
}
