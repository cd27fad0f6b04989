/** The shipped head on the shipped encoder: what must hold of any encoder's vectors, none of it learned from. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JudgeDifficulty } from '../../../src/classify/difficulty/difficulty.ts';
import { createJudgeDifficulty, readDifficulty } from '../../../src/classify/difficulty/difficulty-head.ts';
import type { Encoder } from '../../../src/engine/encoder.ts';
import { createNativeEncoder } from '../../../src/engine/native/native-encoder.ts';
import { readSettings } from '../../../src/settings.ts';

const modelFolder = readSettings({}).TIERGATE_MODEL;
let encoder: Encoder;
let judge: JudgeDifficulty;
beforeAll(async () => {
  encoder = await createNativeEncoder({ modelFolder, queueMax: 64, threads: 1 });
  const packed = await readDifficulty(modelFolder);
  if (packed === null) throw new Error('The pack has no difficulty head.');
  judge = createJudgeDifficulty(packed.head);
});
afterAll(() => encoder.close());

async function difficultyOf(text: string): Promise<number> {
  const { vector } = await encoder.embed(text);
  return judge(vector, text);
}

// What the default policy counts as easy, and as no longer easy.
const MEDIUM = 0.4;
const EASY = ['hey', 'Is the shop open today?', 'How do I change my address?'];
const HARD = [
  'Let $p$ be a prime with $p \\equiv 3 \\pmod 4$. Show that $x^2 + y^2 = p$ has no integer solutions.',
  'Compare the two contracts below clause by clause, calculate what each costs over five years, and argue which one to sign.',
];

test('what is simple is easy, and what takes many steps is not', async () => {
  for (const text of EASY) expect(await difficultyOf(text)).toBeLessThan(MEDIUM);
  for (const text of HARD) expect(await difficultyOf(text)).toBeGreaterThan(MEDIUM);
});

test('more steps are harder', async () => {
  const one = await difficultyOf('Mia had 9 sweets and ate 2. How many are left?');
  const many = await difficultyOf(
    'Mia had 96 sweets. She gave a third of them to her brother and half of the rest to 8 friends, who each ate 2 and gave back the others. How many has she now?',
  );
  expect(many).toBeGreaterThan(one);
});
