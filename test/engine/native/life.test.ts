/** How engines and processes end while there is work: never a crash, never a hang. Each in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { nativeBinary } from './native.common.ts';

const fixture = fileURLToPath(new URL('./fixtures/native-process.ts', import.meta.url));
let file: string;
beforeAll(async () => {
  file = (await nativeBinary()).file;
});

function endOf(end: string): Promise<{ code: number | null; signal: string | null; said: string }> {
  const child = spawn(process.execPath, ['--expose-gc', fixture, file, end], {
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, said: said.join('').trim() }));
  });
}

describe('a process with work under way', () => {
  test.each([
    ['exit', 7],
    ['exit at once', 7],
    ['exit in a callback', 7],
    ['exit with threads', 7],
    ['a throw', 1],
    ['a throw in a callback', 1],
  ])('that ends by %s has its own exit code', async (end, code) => {
    const ends = await Promise.all([endOf(end), endOf(end)]);
    for (const one of ends) expect([one.code, one.signal]).toEqual([code, null]);
  });

  test('that gets a signal ends by it', async () => {
    expect(await endOf('signal')).toMatchObject({ signal: 'SIGTERM' });
  });

  test('may have children with engines of their own', async () => {
    expect(await endOf('forks')).toMatchObject({ code: 7, said: '64\n64\n0,0' });
  });
});

describe('a process with nothing more to do', () => {
  test('ends, though an engine is open', async () => {
    expect(await endOf('nothing to do')).toMatchObject({ code: 0, said: '64' });
  });
  test('waits for an answer that is to come', async () => {
    expect(await endOf('an answer to come')).toMatchObject({ code: 0, said: 'answered null' });
  });
});

describe('engines', () => {
  test('that were forgotten are collected with their threads and their memory', async () => {
    expect(await endOf('engines forgotten')).toMatchObject({ code: 0, said: 'no leak' });
  });

  test('keep an adapter that was forgotten for the jobs that use it, and no longer', async () => {
    expect(await endOf('adapters forgotten')).toMatchObject({ code: 0, said: 'no leak' });
  });

  test('of worker threads end with them, in the middle of their work', async () => {
    expect(await endOf('threads ended')).toMatchObject({ code: 0, said: 'null' });
  });

  test('of two worker threads of this process compute the same', async () => {
    const program = new URL('./fixtures/native-worker.ts', import.meta.url);
    const workers = [1, 2].map(() => new Worker(program, { workerData: file }));
    const vectors = await Promise.all(
      workers.map((worker) => new Promise<Float32Array>((resolve) => worker.once('message', resolve))),
    );
    await Promise.all(workers.map((worker) => worker.terminate()));
    const [one, other] = vectors.map((vector) => Array.from(vector));
    expect(one).toHaveLength(128);
    expect(one).toEqual(other);
  });
});
