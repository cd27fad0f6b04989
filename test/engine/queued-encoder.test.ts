import { describe, expect, test } from '@jest/globals';
import { type AdapterTensors, type Embedding, EncoderBusy } from '../../src/engine/encoder.ts';
import { createQueuedEncoder, type TextEngine, type TextReader } from '../../src/engine/queued-encoder.ts';

/** An engine that answers when the test says so, the oldest call first. */
class FakeEngine implements TextEngine {
  readonly engine = 'fake';
  readonly dimensions = 1;
  readonly revision: string;
  readonly lanes: number;
  readonly batchCharsMax: number;
  /** Texts of each call. */
  readonly calls: (readonly string[])[] = [];
  alive = true;
  cancels = 0;
  readonly #under: { texts: readonly string[]; outcome: PromiseWithResolvers<Embedding[]> }[] = [];

  constructor({ revision = 'aaaaaaaaaaaa', lanes = 1, batchCharsMax = 0 } = {}) {
    this.revision = revision;
    this.lanes = lanes;
    this.batchCharsMax = batchCharsMax;
  }
  get seen(): string[] {
    return this.calls.flat();
  }
  get underWay(): number {
    return this.#under.length;
  }
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Embedding[]> {
    if (this.#under.length >= this.lanes) throw new Error('More calls at once than lanes.');
    this.calls.push(texts);
    signal?.addEventListener('abort', () => {
      this.cancels += 1;
    });
    const outcome = Promise.withResolvers<Embedding[]>();
    this.#under.push({ texts, outcome });
    return outcome.promise;
  }
  async answer(): Promise<void> {
    await settled();
    const under = this.#under.shift();
    under?.outcome.resolve(
      under.texts.map(({ length }) => ({
        vector: Float32Array.of(1),
        tokens: length,
        windows: 1,
        truncated: false,
      })),
    );
    await settled();
  }
  async fail(): Promise<void> {
    await settled();
    this.#under.shift()?.outcome.reject(new Error('failed'));
    await settled();
  }
  async die(): Promise<void> {
    this.alive = false;
    while (this.#under.length > 0) await this.fail();
  }
  async close(): Promise<void> {
    await this.die();
  }
}

/** Adapters are told by the name of their first tensor, which stands before each text that is read with them. */
class AdaptableEngine extends FakeEngine {
  readonly withAdapter = ([first]: AdapterTensors): TextReader => {
    const name = first?.name ?? '';
    return {
      revision: name,
      embed: (texts, signal) =>
        this.embed(
          texts.map((text) => `${name}:${text}`),
          signal,
        ),
    };
  };
}

/** Lets everything run that needs no further event. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function encoderOver(threads: FakeEngine[], queueMax = 8) {
  let starts = 0;
  const start = async (): Promise<FakeEngine> => threads[starts++] ?? new FakeEngine();
  return { encoder: await createQueuedEncoder(start, queueMax), starts: () => starts };
}

describe('queued encoder', () => {
  test('requests go before texts to learn from, each in the order they came', async () => {
    const thread = new FakeEngine();
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
    const thread = new FakeEngine();
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
    const thread = new FakeEngine();
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
    const thread = new FakeEngine();
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
    expect((await second).tokens).toBe(2);
  });

  test('a signal aborted before never reaches the engine', async () => {
    const thread = new FakeEngine();
    const { encoder } = await encoderOver([thread]);
    await expect(encoder.embed('r1', AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(thread.seen).toEqual([]);
  });

  test('a failed text fails alone', async () => {
    const thread = new FakeEngine();
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
    const threads = [new FakeEngine(), new FakeEngine()];
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
    const threads = Array.from({ length: 20 }, () => new FakeEngine());
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
    const threads = [new FakeEngine(), new FakeEngine({ revision: 'bbbbbbbbbbbb' })];
    const { encoder } = await encoderOver(threads);
    await threads[0]?.die();
    await expect(encoder.embed('r1')).rejects.toThrow('has changed since the start');
    expect(threads[1]?.alive).toBe(false);
  });

  test('closing rejects what waits and what is under way, and whatever comes later', async () => {
    const thread = new FakeEngine();
    const { encoder } = await encoderOver([thread]);
    const texts = [encoder.embed('r1'), encoder.embed('r2'), encoder.embedAll(['l1'])];
    const outcomes = Promise.allSettled(texts);
    await settled();
    await encoder.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(encoder.embed('r3')).rejects.toThrow('The encoder is closed.');
    expect(thread.seen).toEqual(['r1']);
  });

  test('as many calls are under way as there are lanes; a request waits for none that came later', async () => {
    const engine = new FakeEngine({ lanes: 2 });
    const { encoder } = await encoderOver([engine]);
    const learning = encoder.embedAll(['l1', 'l2', 'l3']);
    const requests = [encoder.embed('r1'), encoder.embed('r2')];
    await settled();
    expect(engine.seen).toEqual(['l1', 'l2']);
    await engine.answer();
    expect(engine.seen).toEqual(['l1', 'l2', 'r1']);
    for (let at = 0; at < 4; at += 1) await engine.answer();
    await Promise.all([learning, ...requests]);
    expect(engine.seen).toEqual(['l1', 'l2', 'r1', 'r2', 'l3']);
  });

  test('texts to learn from go together as far as a call takes them well; requests go alone', async () => {
    const engine = new FakeEngine({ batchCharsMax: 6 });
    const { encoder } = await encoderOver([engine]);
    const progress: number[] = [];
    const texts = ['aa', 'bbb', 'a text longer than that', 'cccc', 'dd', 'e'];
    const learning = encoder.embedAll(texts, (done) => progress.push(done));
    const requests = [encoder.embed('r1'), encoder.embed('r2')];
    for (let at = 0; at < 6; at += 1) await engine.answer();
    await Promise.all(requests);
    expect(engine.calls).toEqual([['aa', 'bbb'], ['r1'], ['r2'], [texts[2]], ['cccc', 'dd'], ['e']]);
    expect((await learning).map(({ tokens }) => tokens)).toEqual(texts.map(({ length }) => length));
    expect(progress).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('of texts to learn from one that fails takes the rest of its own lot with it, and no other', async () => {
    const engine = new FakeEngine();
    const { encoder } = await encoderOver([engine]);
    const first = encoder.embedAll(['a', 'b', 'c']);
    const second = encoder.embedAll(['d']);
    first.catch(() => {});
    await engine.fail();
    await engine.answer();
    await expect(first).rejects.toThrow('failed');
    expect(await second).toHaveLength(1);
    expect(engine.seen).toEqual(['a', 'd']);
  });

  test('with several lanes an engine that has died is started once', async () => {
    const engines = [new FakeEngine({ lanes: 2 }), new FakeEngine({ lanes: 2 })];
    const { encoder, starts } = await encoderOver(engines);
    await engines[0]?.die();
    const requests = [encoder.embed('r1'), encoder.embed('r2')];
    await settled();
    expect(engines[1]?.underWay).toBe(2);
    await engines[1]?.answer();
    await engines[1]?.answer();
    await Promise.all(requests);
    expect(starts()).toBe(2);
  });

  test('adapted encoders share the queue and the lanes, and no call reads for two of them', async () => {
    const engine = new AdaptableEngine({ batchCharsMax: 9 });
    const { encoder } = await encoderOver([engine]);
    const [a, b] = ['a', 'b'].map((name) =>
      encoder.withAdapter?.([{ name, shape: [], values: new Float32Array() }]),
    );
    const learning = Promise.all([encoder, a, b].map((each) => each?.embedAll(['1', '2'])));
    const requests = Promise.all([b, a, encoder].map((each) => each?.embed('r')));
    for (let at = 0; at < 6; at += 1) await engine.answer();
    await Promise.all([learning, requests]);
    expect(engine.calls).toEqual([['1', '2'], ['b:r'], ['a:r'], ['r'], ['a:1', 'a:2'], ['b:1', 'b:2']]);
    expect([a?.revision, a?.engine, a?.dimensions, a && 'withAdapter' in a]).toEqual(['a', 'fake', 1, false]);
  });

  test('adapted encoders count in the same bound, and end with their own close or that of the encoder', async () => {
    const engine = new AdaptableEngine();
    const { encoder } = await encoderOver([engine], 1);
    const [a, b] = ['a', 'b'].map((name) =>
      encoder.withAdapter?.([{ name, shape: [], values: new Float32Array() }]),
    );
    const first = encoder.embed('1');
    const waits = a?.embed('2');
    await expect(b?.embed('3')).rejects.toThrow(EncoderBusy);
    const ended = expect(waits).rejects.toThrow('closed');
    await a?.close();
    await ended;
    const third = b?.embed('3');
    for (let at = 0; at < 2; at += 1) await engine.answer();
    await Promise.all([first, third]);
    await encoder.close();
    for (const each of [a, b]) await expect(each?.embed('4')).rejects.toThrow('closed');
    expect(() => encoder.withAdapter?.([])).toThrow('closed');
    expect(engine.seen).toEqual(['1', 'b:3']);
  });

  test('an engine that takes no adapters makes an encoder that offers none', async () => {
    const { encoder } = await encoderOver([new FakeEngine()]);
    expect(encoder.withAdapter).toBeUndefined();
  });
});
