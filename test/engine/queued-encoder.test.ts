import { describe, expect, test } from '@jest/globals';
import { type Embedding, EncoderBusy } from '../../src/engine/encoder.ts';
import type { EncoderThread } from '../../src/engine/encoder-thread.ts';
import { createQueuedEncoder } from '../../src/engine/queued-encoder.ts';

/** A thread that answers when the test says so. */
class FakeThread implements EncoderThread {
  readonly dimensions = 1;
  readonly revision: string;
  readonly seen: string[] = [];
  alive = true;
  cancels = 0;
  #under: PromiseWithResolvers<Embedding> | null = null;

  constructor(revision = 'aaaaaaaaaaaa') {
    this.revision = revision;
  }
  embed(text: string): Promise<Embedding> {
    if (this.#under !== null) throw new Error('Two texts at once.');
    this.seen.push(text);
    this.#under = Promise.withResolvers<Embedding>();
    return this.#under.promise;
  }
  async answer(): Promise<void> {
    await settled();
    const under = this.#under;
    this.#under = null;
    under?.resolve({ vector: Float32Array.of(1), tokens: 1, windows: 1, truncated: false });
    await settled();
  }
  async fail(): Promise<void> {
    await settled();
    const under = this.#under;
    this.#under = null;
    under?.reject(new Error('failed'));
    await settled();
  }
  cancel(): void {
    this.cancels += 1;
  }
  die(): Promise<void> {
    this.alive = false;
    return this.fail();
  }
  async close(): Promise<void> {
    await this.die();
  }
}

/** Lets everything run that needs no further event. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function encoderOver(threads: FakeThread[], queueMax = 8) {
  let starts = 0;
  const start = async (): Promise<FakeThread> => threads[starts++] ?? new FakeThread();
  return { encoder: await createQueuedEncoder(start, queueMax), starts: () => starts };
}

describe('queued encoder', () => {
  test('requests go before texts to learn from, each in the order they came', async () => {
    const thread = new FakeThread();
    const { encoder } = await encoderOver([thread]);
    const progress: number[] = [];
    const learning = encoder.embedAll(['l1', 'l2', 'l3'], (done) => progress.push(done));
    const requests = [encoder.embed('r1'), encoder.embed('r2')];
    for (let at = 0; at < 5; at += 1) await thread.answer();
    await Promise.all([learning, ...requests]);
    expect(thread.seen).toEqual(['l1', 'r1', 'r2', 'l2', 'l3']);
    expect(progress).toEqual([1, 2, 3]);
  });

  test('a full queue refuses, and takes again when there is room; texts to learn from take none', async () => {
    const thread = new FakeThread();
    const { encoder } = await encoderOver([thread], 1);
    const learning = encoder.embedAll(['l1', 'l2']);
    const first = encoder.embed('r1');
    await expect(encoder.embed('r2')).rejects.toThrow(EncoderBusy);
    await thread.answer();
    const third = encoder.embed('r3');
    for (let at = 0; at < 3; at += 1) await thread.answer();
    await Promise.all([learning, first, third]);
    expect(thread.seen).toEqual(['l1', 'r1', 'r3', 'l2']);
  });

  test('an abort while queued takes the text out of the queue', async () => {
    const thread = new FakeThread();
    const { encoder } = await encoderOver([thread], 1);
    const first = encoder.embed('r1');
    await settled();
    const gone = new AbortController();
    const second = encoder.embed('r2', gone.signal);
    gone.abort(new Error('client went away'));
    await expect(second).rejects.toThrow('client went away');
    const third = encoder.embed('r3');
    await thread.answer();
    await thread.answer();
    await Promise.all([first, third]);
    expect(thread.seen).toEqual(['r1', 'r3']);
    expect(thread.cancels).toBe(0);
  });

  test('an abort under way rejects at once, and the late result harms nobody', async () => {
    const thread = new FakeThread();
    const { encoder } = await encoderOver([thread]);
    const gone = new AbortController();
    const first = encoder.embed('r1', gone.signal);
    await settled();
    gone.abort(new Error('late'));
    await expect(first).rejects.toThrow('late');
    expect(thread.cancels).toBe(1);
    const second = encoder.embed('r2');
    await thread.answer();
    expect(thread.seen).toEqual(['r1', 'r2']);
    await thread.answer();
    expect((await second).tokens).toBe(1);
  });

  test('a signal aborted before never reaches the engine', async () => {
    const thread = new FakeThread();
    const { encoder } = await encoderOver([thread]);
    await expect(encoder.embed('r1', AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(thread.seen).toEqual([]);
  });

  test('a failed text fails alone', async () => {
    const thread = new FakeThread();
    const { encoder } = await encoderOver([thread]);
    const first = encoder.embed('r1');
    const second = encoder.embed('r2');
    first.catch(() => {});
    await settled();
    await thread.fail();
    await thread.answer();
    await expect(first).rejects.toThrow('failed');
    expect((await second).windows).toBe(1);
  });

  test('after the thread has died, whoever waits is served by a new one', async () => {
    const threads = [new FakeThread(), new FakeThread()];
    const { encoder, starts } = await encoderOver(threads);
    const first = encoder.embed('r1');
    const second = encoder.embed('r2');
    first.catch(() => {});
    await settled();
    await threads[0]?.die();
    await threads[1]?.answer();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(starts()).toBe(2);
    expect(threads[1]?.seen).toEqual(['r2']);
  });

  test('a thread that keeps dying is not started again and again', async () => {
    const threads = Array.from({ length: 20 }, () => new FakeThread());
    const { encoder, starts } = await encoderOver(threads);
    const failures: unknown[] = [];
    for (const thread of threads) {
      const text = encoder.embed('r').catch((error: unknown) => failures.push(error));
      await settled();
      await thread.die();
      await text;
    }
    expect(failures).toHaveLength(20);
    expect(String(failures.at(-1))).toContain('died 4 times within a minute');
    expect(starts()).toBe(1 + 4);
  });

  test('a model pack that has changed is not mixed with the old one', async () => {
    const threads = [new FakeThread('aaaaaaaaaaaa'), new FakeThread('bbbbbbbbbbbb')];
    const { encoder } = await encoderOver(threads);
    await threads[0]?.die();
    await expect(encoder.embed('r1')).rejects.toThrow('has changed since the start');
    expect(threads[1]?.alive).toBe(false);
  });

  test('closing rejects what waits and what is under way, and whatever comes later', async () => {
    const thread = new FakeThread();
    const { encoder } = await encoderOver([thread]);
    const texts = [encoder.embed('r1'), encoder.embed('r2'), encoder.embedAll(['l1'])];
    const outcomes = Promise.allSettled(texts);
    await settled();
    await encoder.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(encoder.embed('r3')).rejects.toThrow('The encoder is closed.');
    expect(thread.seen).toEqual(['r1']);
  });
});
