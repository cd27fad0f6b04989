import { describe, expect, test } from '@jest/globals';
import type { HeldOutIntents } from '../../../src/classify/intent/intent.ts';
import { adapterSentence, compareHeldOut } from '../../../src/train/adapter/trial.ts';

/** Held-out judgements of examples whose label is 0: `1` stands for a right one, `0` for a wrong one, `-` for none. */
function heldOut(pattern: string): HeldOutIntents {
  const examples = [...pattern].map((each) =>
    each === '-' ? null : { label: each === '1' ? 0 : 1, confidence: 0.5, inScope: 0.5 },
  );
  return { examples, asStrangers: [], outOfScope: [] };
}
const compare = (plain: string, adapted: string) =>
  compareHeldOut(
    [...plain].map(() => 0),
    heldOut(plain),
    heldOut(adapted),
  );

describe('an adapter is kept', () => {
  test('when it wins more than chance explains', () => {
    const trial = compare('0000011111', '1111111111');
    // Five of five: one in thirty-two.
    expect(trial).toMatchObject({ of: 10, plain: 0.5, adapted: 1, gained: 5, lost: 0, isKept: true });
    expect(trial.chance).toBeCloseTo(1 / 32, 9);
    expect(adapterSentence(trial)).toBe(
      'The adapter is kept: right for 100.0 % of 10 unseen messages, 50.0 % without it (5 won, 0 lost).',
    );
  });
});

describe('an adapter is not kept', () => {
  test.each([
    ['that wins too little', '0000111111', '1111111111'],
    ['that changes nothing', '1010', '1010'],
    ['that loses', '1111111111', '0000000000'],
    ['that was never compared', '--', '11'],
  ])('%s', (_what, plain, adapted) => {
    const trial = compare(plain, adapted);
    expect(trial.isKept).toBe(false);
    expect(adapterSentence(trial)).toMatch(/^The adapter does not beat the head alone, and is not kept/);
  });
  test('for examples that only one side judged', () => {
    expect(compare('00000---', '-----111')).toMatchObject({ of: 0, gained: 0, isKept: false });
  });
});
