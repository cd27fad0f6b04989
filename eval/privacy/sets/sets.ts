/** All sets of the bench, by name. */
import type { SetOfRows } from '../row.ts';
import { harmlessSet } from './harmless.ts';
import { lookAlikeSet } from './look-alikes.ts';
import { namesSet } from './names.ts';
import { obfuscatedSet } from './obfuscated.ts';
import { publicNameSets } from './public-names.ts';
import { structuredSet } from './structured.ts';

/** Those that tell of shapes and numbers: no model is needed. */
export const structuredSets = (draw = 1): SetOfRows[] => [
  structuredSet(draw),
  lookAlikeSet(draw),
  harmlessSet(draw),
  obfuscatedSet(draw),
];

/** @param folder where the public sets are; without one, our own alone */
export const nameSets = (folder: string | undefined, draw = 1): SetOfRows[] => [
  namesSet(draw),
  ...(folder === undefined ? [] : publicNameSets(folder)),
];
