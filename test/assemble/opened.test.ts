import { expect, test } from '@jest/globals';
import { Opened, opening } from '../../src/assemble/opened.ts';

test('closes the last first, all of them though one fails, and says which failed', async () => {
  const closed: string[] = [];
  const opened = new Opened();
  opened.defer(() => closed.push('first'));
  opened.defer(async () => {
    closed.push('second');
    throw new Error('stuck');
  });
  opened.defer(() => closed.push('third'));
  await expect(opened.close()).rejects.toThrow('stuck');
  expect(closed).toEqual(['third', 'second', 'first']);
  await opened.close();
  expect(closed).toHaveLength(3);
});

test('what was opened is closed when a later part fails, and kept when none does', async () => {
  const closed: string[] = [];
  const built = opening(async (opened) => {
    opened.defer(() => closed.push('part'));
    throw new Error('the later part');
  });
  await expect(built).rejects.toThrow('the later part');
  expect(closed).toEqual(['part']);
  await opening(async (opened) => opened.defer(() => closed.push('kept')));
  expect(closed).toEqual(['part']);
});
