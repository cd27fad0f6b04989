/** Trials: by chance for the million, and as fast-check draws and shrinks them. */
import fc from 'fast-check';
import { pick, seeded } from '../../../eval/reading/random.ts';
import { ANSWERS, SURFACES, type Trial } from './conversation.ts';

const CUTS = [1, 2, 3, 7, 16, 64, 4_096];

export const anyTrial: fc.Arbitrary<Trial> = fc.record({
  seed: fc.nat({ max: 2_000_000_000 }),
  surfaces: fc.subarray([...SURFACES], { minLength: 1 }),
  answer: fc.constantFrom(...ANSWERS),
  isStream: fc.boolean(),
  cut: fc.constantFrom(...CUTS),
});

export function trialOf(seed: number): Trial {
  const random = seeded(`trial ${seed}`);
  const some = SURFACES.filter(() => random() < 0.5);
  return {
    seed,
    surfaces: some.length > 0 ? some : [pick(SURFACES, random)],
    answer: pick(ANSWERS, random),
    isStream: random() < 0.5,
    cut: pick(CUTS, random),
    failure: random() < 0.05 ? pick(['quotes', 'hangs up', 'breaks off'], random) : undefined,
  };
}
