/** Results as a small run gives them, for tests. */
import type { Results } from '../../../eval/report/results.ts';
import { figuresOf as difficultyOf } from '../../../eval/tasks/difficulty.ts';
import { figuresOf as fairnessOf } from '../../../eval/tasks/fairness.ts';
import { figuresOf as injectionOf } from '../../../eval/tasks/injection.ts';
import { FULL } from '../../../eval/tasks/run.ts';

const estimate = { mean: 0.9157, standardError: 0.0052 };
const scope = { strangers: 100, auroc: { mean: 0.9866, standardError: 0.003 }, recall: estimate };

/** Intents, difficulty and fairness were measured; slices and injection were not. */
export const results: Results = {
  isQuick: false,
  sizes: FULL,
  tasks: ['intents', 'difficulty', 'fairness'],
  encoders: [
    {
      name: 'pack <one>',
      kind: 'int4',
      revision: 'abc',
      engine: 'native',
      bytes: 26_501_267,
      trainedOn: ['shop'],
    },
    { name: 'pack two', kind: 'int8', revision: 'def', engine: 'native', bytes: 37_140_534, trainedOn: [] },
  ],
  likeness: [
    {
      encoder: 'pack <one>',
      texts: 99,
      to: [{ encoder: 'pack two', mean: 0.99608, least: 0.976 }],
      others: { mean: 0.7, high: 0.8 },
    },
    { encoder: 'pack two', texts: 99, to: [], others: { mean: 0.7, high: 0.8 } },
  ],
  sets: [
    {
      task: 'intents',
      name: 'shop',
      messages: 60,
      title: 'A & B',
      source: 'us',
      licence: 'MIT',
      learnedBy: [],
    },
  ],
  intents: (['full', 10] as const).flatMap((shots) =>
    ['pack <one>', 'pack two'].map((encoder) => ({
      encoder,
      set: 'shop',
      shots,
      draws: 1,
      intents: 3,
      examples: 30,
      tested: 100,
      accuracy: estimate,
      far: scope,
      farUnaided: null,
      near: scope,
      answers: {
        rows: 200,
        ceiling: 0.5,
        area: 0.1,
        answerable: { mean: 0.41, standardError: Number.NaN },
        answerableInterval: { low: 0.3, high: 0.45 },
        answerableMixed: 0.38,
        calibrationError: 0.02,
        calibrationErrorFloor: 0.01,
        calibrationErrorFew: 0.025,
        calibrationErrorMixed: 0.03,
        calibrationErrorNear: Number.NaN,
        reliability: [{ confidence: 0.5, right: 0.4, share: 1 }],
        curve: [{ confidence: 0.9, coverage: 0.5, error: 0 }],
      },
    })),
  ),
  slices: [],
  adapters: [],
  injection: [],
  difficulty: [
    {
      encoder: 'pack two',
      ...difficultyOf(
        'pairs',
        null,
        Array.from({ length: 90 }, (_, at) => ({
          text: 'x'.repeat(at % 9),
          weak: at % 2,
          strong: 1,
          group: null,
          difficulty: (at % 3) / 2,
        })),
        20,
      ),
    },
  ],
  fairness: [
    {
      encoder: 'pack two',
      ...fairnessOf('names', [
        [
          { group: 'a', text: 'I am A', intent: 'x', urgency: 'low', route: 'cloud' },
          { group: 'b', text: 'I am B', intent: 'y', urgency: 'low', route: 'cloud' },
        ],
      ]),
    },
  ],
  notes: ['injection: there is no data set in injection/.'],
};

/** With slices and injection. */
export const everything: Results = {
  ...results,
  slices: ['as written', 'one typo'].map((slice) => ({
    encoder: 'pack two',
    set: 'shop',
    slice,
    messages: 50,
    accuracy: 0.9,
    interval: { low: 0.8, high: 0.95 },
    confidence: 0.7,
    changed: slice === 'as written' ? null : 0.06,
  })),
  injection: (['unseen', 'all'] as const).map((over) => ({
    encoder: 'pack two',
    ...injectionOf(
      over,
      Array.from({ length: 60 }, (_, at) => ({
        text: '',
        isAttack: at % 2 === 0,
        score: at % 2 === 0 ? 0.9 : 0.1,
        language: at < 20 ? 'Thai' : null,
        family: at % 2 === 0 ? 'direct' : 'look-alike',
        set: 'ours',
        isSeen: false,
      })),
    ),
  })),
  notes: [],
};
