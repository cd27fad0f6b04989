import { expect, test } from '@jest/globals';
import { inTurns } from '../src/turns.ts';
import { TurnCounter } from './turn-counter.ts';

function* pieces(count: number, work: () => void): Generator<void, number> {
  for (let piece = 0; piece < count; piece++) {
    work();
    yield;
  }
  return count;
}
function workFor(ms: number): void {
  const beganMs = performance.now();
  while (performance.now() - beganMs < ms);
}

test('long work lets others have their turn, and short work waits for nobody', async () => {
  const others = new TurnCounter();
  expect(await inTurns(pieces(3, () => undefined))).toBe(3);
  expect(others.turns).toBe(0);
  expect(await inTurns(pieces(6, () => workFor(9)))).toBe(6);
  others.stop();
  expect(others.turns).toBeGreaterThanOrEqual(5);
});

test('what fails, fails', async () => {
  const failing = pieces(1, () => {
    throw new Error('broken');
  });
  await expect(inTurns(failing)).rejects.toThrow('broken');
});

test('long work that nobody waits for any more ends with the reason', async () => {
  const gone = new AbortController();
  const work = pieces(100, () => {
    workFor(9);
    gone.abort(new Error('gone'));
  });
  await expect(inTurns(work, gone.signal)).rejects.toThrow('gone');
});
