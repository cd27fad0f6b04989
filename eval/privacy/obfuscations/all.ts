/** All ways to write a value, one at a time and two together. */
import { ESCAPES } from './escapes.ts';
import type { Obfuscation } from './obfuscation.ts';
import { SEPARATORS } from './separators.ts';
import { UNLISTED } from './unlisted.ts';
import { UNSEEN } from './unseen.ts';
import { WORDS } from './words.ts';

export const OBFUSCATIONS: readonly Obfuscation[] = [
  ...ESCAPES,
  ...UNSEEN,
  ...SEPARATORS,
  ...WORDS,
  ...UNLISTED,
];

const byName = (name: string): Obfuscation => {
  const found = OBFUSCATIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no obfuscation “${name}”.`);
  return found;
};

/** The first, and the second of what came of it. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['full width', 'zero-width spaces'],
  ['hyphens between digits', 'full width'],
  ['spaces between digits', 'Arabic digits'],
  ['[at] [dot]', 'full width'],
  ['at, dot', 'Cyrillic look-alikes'],
  ['[at] [dot]', 'percent, all'],
  ['(at) (dot)', 'base64'],
  ['English digits', 'mathematical bold'],
  ['English digits', 'base64'],
  ['zero-width spaces', 'JSON escapes, all'],
  ['full width', 'percent, signs'],
  ['hex escapes', 'base64'],
  ['HTML entities, decimal', 'percent, all'],
  ['dots between digits', 'HTML entities, hex'],
  ['keycap emoji', 'other spaces and hyphens'],
  ['soft hyphens', 'base64'],
  ['uneven groups', 'zero-width spaces'],
  ['percent, all', 'base64'],
  ['combining marks', 'quoted-printable, soft line end'],
  ['digits in words (de)', 'zero-width spaces'],
];

export const PAIRED: readonly Obfuscation[] = PAIRS.map(([one, two]) => {
  const [first, second] = [byName(one), byName(two)];
  const suits = first.suits === 'any' ? second.suits : first.suits;
  return {
    name: `${one} + ${two}`,
    suits,
    view: second.view,
    write: (value, random) => second.write(first.write(value, random), random),
  };
});
