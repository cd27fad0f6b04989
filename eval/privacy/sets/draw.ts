/** Chance for a set: the first draw is the one that figures are told of; others show what hangs on its rows. */
import { type Random, seeded } from '../../reading/random.ts';

export const drawn = (name: string, draw: number): Random => seeded(draw === 1 ? name : `${name} ${draw}`);
