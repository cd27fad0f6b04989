import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NativeAddon, NativeEngine, NativeEngineOptions } from '../../../src/engine/native/addon.ts';
import { encodeLengths, engineOptions, nativeAddon, SLOW_CONFIG, SLOW_LENGTHS } from './native.common.ts';

let addon: NativeAddon;
beforeAll(async () => {
  addon = await nativeAddon();
});

/** An object with something else in the place that a path such as `tensors.0.name` leads to. */
function replaced(options: object, path: string, value: unknown): NativeEngineOptions {
  const copy: Record<string, unknown> = { ...options };
  const [first = '', ...rest] = path.split('.');
  const inner = copy[first];
  if (rest.length === 0) copy[first] = value;
  else if (Array.isArray(inner)) {
    copy[first] = inner.map((each, at) =>
      String(at) === rest[0]
        ? rest.length === 1
          ? value
          : replaced(each, rest.slice(1).join('.'), value)
        : each,
    );
  } else copy[first] = replaced(inner as object, rest.join('.'), value);
  return copy as unknown as NativeEngineOptions;
}

describe('kernels', () => {
  test('end with those that every processor has', () => {
    const kernels = addon.kernels();
    expect(kernels.slice(-2)).toEqual([
      { name: 'portable', supported: true },
      { name: 'reference', supported: true },
    ]);
    expect(new Set(kernels.map(({ name }) => name)).size).toBe(kernels.length);
  });
});

describe('createEngine refuses', () => {
  const good = engineOptions();
  test.each([
    ['config', undefined, 'undefined'],
    ['config', 1, 'layers must be a number'],
    ['config.layers', 'two', 'layers must be a number'],
    ['config.layers', 2.5, 'layers must be a whole number'],
    ['config.layers', Number.NaN, 'layers must be a number'],
    ['config.layers', 1e300, 'layers must be a number'],
    ['config.layers', 0, 'layers'],
    ['config.layers', 3, 'layers.2.qkv'],
    ['config.hidden', 2 ** 30, 'hidden'],
    ['config.norm', 'behind', 'norm has no such value'],
    ['config.norm', 'p\0re', 'norm must be a text'],
    ['config.norm_epsilon', Number.POSITIVE_INFINITY, 'norm_epsilon must be a number'],
    ['threads', 0, 'threads'],
    ['threads', 65, 'threads'],
    ['threads', {}, 'threads'],
    ['kernel', 'sse1', 'sse1 is no kernel of this binary'],
    ['kernel', 'x'.repeat(1000), 'kernel must be a text, and not a long one'],
    ['kernel', 1, 'kernel must be a text'],
    ['heads', {}, 'heads must be a list'],
    ['heads', new Array(65).fill({}), 'heads has too many elements'],
    ['heads', [{ name: 'a', kind: 'word', labels: 2 }], 'kind has no such value'],
    ['heads', [{ name: 'a', kind: 'token', labels: 0 }], 'labels must be a number'],
    ['heads', [{ name: 'a', kind: 'token', labels: 2 }], 'heads.a.weight is missing'],
    ['tensors', null, 'tensors must be a list'],
    ['tensors', [], 'embeddings.word.weight is missing'],
    ['tensors', new Array(5000).fill({}), 'tensors has too many elements'],
    ['tensors', [1], 'name'],
    ['tensors.0.name', 'y'.repeat(128), 'name must be a text'],
    ['tensors.0.dtype', 'F64', 'dtype must be F32, I8 or U8'],
    ['tensors.0.shape', [1, 2, 3, 4], 'shape has too many elements'],
    ['tensors.0.shape', [-1], 'shape must be a number'],
    ['tensors.0.shape', 'long', 'shape must be a list'],
    ['tensors.0.shape', [256, 32], 'embeddings.word.weight'],
    ['tensors.0.data', new Float32Array(4096), 'data must be a typed array of the right type'],
    ['tensors.0.data', new ArrayBuffer(16384), 'data must be a typed array of the right type'],
    ['tensors.0.data', new Uint8Array(16383), 'embeddings.word.weight'],
    ['tensors.1.data', new Uint8Array(1024).fill(0xff), 'embeddings.word.scale'],
  ])('%s: row %#', (path, value, words) => {
    expect(() => addon.createEngine(replaced(good, path, value))).toThrow(words);
  });

  test('no options at all', () => {
    const anything = addon.createEngine as (...options: unknown[]) => unknown;
    for (const options of [[], [null], [1], ['x'], [{}], [() => 1]]) {
      expect(() => anything(...options)).toThrow();
    }
  });

  test('with the words of a getter that throws', () => {
    const options = Object.defineProperty(engineOptions(), 'tensors', {
      get() {
        throw new RangeError('not today');
      },
    });
    expect(() => addon.createEngine(options)).toThrow('not today');
  });

  test('bytes that a later getter takes away', () => {
    const options = engineOptions();
    const [first, second, ...rest] = options.tensors;
    if (first === undefined || second === undefined) throw new Error('There are more tensors.');
    const thief = Object.defineProperty({ ...second }, 'name', {
      get() {
        structuredClone(first.data.buffer, { transfer: [first.data.buffer as ArrayBuffer] });
        return second.name;
      },
    });
    const robbed = { ...options, tensors: [first, thief, ...rest] };
    expect(() => addon.createEngine(robbed)).toThrow('embeddings.word.weight');
  });

  test('or takes whatever stands in any place, and never crashes', () => {
    const places = ['config', 'tensors', 'heads', 'kernel', 'threads', 'tensors.3', 'tensors.4.data']
      .concat(Object.keys(good.config).map((field) => `config.${field}`))
      .concat(['name', 'dtype', 'shape', 'data'].map((field) => `tensors.5.${field}`));
    const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-1, 0, 1, 2, 32, 2 ** 31, 2 ** 53));
    const property = fc.property(
      fc.constantFrom(...places),
      fc.oneof(fc.anything(), number),
      (place, value) => {
        try {
          addon.createEngine(replaced(good, place, value)).close();
        } catch (error) {
          expect((error as Error).message).not.toBe('');
        }
      },
    );
    fc.assert(property, { numRuns: 400 });
  });
});

describe('encode', () => {
  let engine: NativeEngine;
  beforeAll(() => {
    engine = addon.createEngine(engineOptions({ threads: 2 }));
  });
  afterAll(() => engine.close());
  const nothing = (): void => undefined;
  const ids = Int32Array.of(1, 2, 3);

  test.each([
    ['ids of another type', [[1, 2, 3], Int32Array.of(3), 1, 0, null, nothing], 'ids'],
    ['ids of another width', [BigInt64Array.of(1n), Int32Array.of(1), 1, 0, null, nothing], 'ids'],
    ['lengths of another type', [ids, [3], 1, 0, null, nothing], 'lengths'],
    ['no text', [new Int32Array(0), new Int32Array(0), 1, 0, null, nothing], 'at least one text'],
    ['an empty text', [ids, Int32Array.of(3, 0), 1, 0, null, nothing], 'at least one token'],
    ['a negative length', [ids, Int32Array.of(4, -1), 1, 0, null, nothing], 'at least one token'],
    ['lengths that are too long', [ids, Int32Array.of(4), 1, 0, null, nothing], 'do not add up'],
    [
      'lengths that wrap around',
      [ids, new Int32Array(4).fill(0x7fffffff), 1, 0, null, nothing],
      'more tokens',
    ],
    ['lengths that are too short', [ids, Int32Array.of(2), 1, 0, null, nothing], 'do not add up'],
    [
      'a text beyond the model',
      [new Int32Array(129), Int32Array.of(129), 1, 0, null, nothing],
      'more tokens',
    ],
    [
      'a token beyond the vocabulary',
      [Int32Array.of(256), Int32Array.of(1), 1, 0, null, nothing],
      'vocabulary',
    ],
    ['a negative token', [Int32Array.of(-1), Int32Array.of(1), 1, 0, null, nothing], 'vocabulary'],
    [
      'more tokens than a call takes',
      [new Int32Array(65_537), Int32Array.of(1), 1, 0, null, nothing],
      'too many',
    ],
    ['no threads', [ids, Int32Array.of(3), 0, 0, null, nothing], 'threads'],
    ['a deadline in the past', [ids, Int32Array.of(3), 1, -1, null, nothing], 'deadlineMs'],
    ['no deadline at all', [ids, Int32Array.of(3), 1, Number.NaN, null, nothing], 'deadlineMs'],
    ['no callback', [ids, Int32Array.of(3), 1, 0, null], 'callback'],
    ['nothing', [], 'threads'],
    ['an object for an adapter', [ids, Int32Array.of(3), 1, 0, {}, nothing], 'adapter must be null'],
    ['no adapter at all', [ids, Int32Array.of(3), 1, 0, undefined, nothing], 'adapter must be null'],
  ])('refuses %s', (_, values, words) => {
    const anything = engine.encode as (...values: unknown[]) => number;
    expect(() => anything.call(engine, ...values)).toThrow(words);
  });

  test.each([
    ['a layer below', [ids, Int32Array.of(3), 1, -1, nothing], 'layer'],
    ['a layer beyond the last', [ids, Int32Array.of(3), 1, 3, nothing], 'layer'],
    ['half a layer', [ids, Int32Array.of(3), 1, 0.5, nothing], 'layer must be a whole number'],
    ['ids that are wrong for vectors, too', [ids, Int32Array.of(2), 1, 0, nothing], 'do not add up'],
    ['nothing', [], 'threads'],
  ])('states: refuses %s', (_, values, words) => {
    const anything = engine.readStates as (...values: unknown[]) => number;
    expect(() => anything.call(engine, ...values)).toThrow(words);
  });

  test('cancel and close are for engines, and take any job', () => {
    for (const job of [-1, Number.NaN, '1', null, undefined, 2n ** 70n]) {
      expect(() => engine.cancel(job as number)).toThrow('job must be a number');
    }
    engine.cancel(123_456);
    for (const stranger of [undefined, null, 1, {}, Object.create(engine), new Proxy(engine, {})]) {
      expect(() => Reflect.apply(engine.encode, stranger, [])).toThrow('this must be an engine');
      expect(() => Reflect.apply(engine.readStates, stranger, [])).toThrow('this must be an engine');
      expect(() => Reflect.apply(engine.loadAdapter, stranger, [])).toThrow('this must be an engine');
      expect(() => Reflect.apply(engine.cancel, stranger, [1])).toThrow('this must be an engine');
      expect(() => Reflect.apply(engine.close, stranger, [])).toThrow('this must be an engine');
    }
  });

  test('gives each text the vector it has alone, whoever is with it and however many threads there are', async () => {
    const lengths = [3, 128, 1, 40];
    const { result: together } = await encodeLengths(engine, lengths, { threads: 2 }).outcome;
    const rows = lengths.reduce((sum, length) => sum + length, 0);
    const all = Int32Array.from({ length: rows }, (_, at) => (at * 7919) % 256);
    let start = 0;
    for (const [text, length] of lengths.entries()) {
      const own = all.slice(start, start + length);
      start += length;
      const alone = await new Promise<Float32Array | undefined>((resolve) => {
        engine.encode(own, Int32Array.of(length), 1, 0, null, (_problem, result) => resolve(result?.vectors));
      });
      expect(Array.from(alone ?? [])).toEqual(
        Array.from(together?.vectors.slice(text * 64, text * 64 + 64) ?? []),
      );
    }
    expect([together?.sentence.length, together?.tokens.length]).toEqual([0, 0]);
  });

  test('gives the logits of all heads', async () => {
    const head = (name: string, labels: number) => [
      {
        name: `heads.${name}.weight`,
        dtype: 'F32' as const,
        shape: [labels, 64],
        data: new Uint8Array(labels * 256),
      },
      {
        name: `heads.${name}.bias`,
        dtype: 'F32' as const,
        shape: [labels],
        data: new Uint8Array(Float32Array.from({ length: labels }, (_, at) => at + labels).buffer),
      },
    ];
    const options = engineOptions();
    const headed = addon.createEngine({
      ...options,
      tensors: [...options.tensors, ...head('topic', 3), ...head('mood', 2), ...head('entity', 4)],
      heads: [
        { name: 'topic', kind: 'sentence', labels: 3 },
        { name: 'entity', kind: 'token', labels: 4 },
        { name: 'mood', kind: 'sentence', labels: 2 },
      ],
    });
    const { result } = await encodeLengths(headed, [2, 1]).outcome;
    headed.close();
    expect(Array.from(result?.sentence ?? [])).toEqual([3, 4, 5, 2, 3, 3, 4, 5, 2, 3]);
    expect(Array.from(result?.tokens ?? [])).toEqual([4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7]);
  });

  test('calls back later, never at once', async () => {
    let isLater = false;
    const { outcome } = encodeLengths(engine, [1]);
    const seen = outcome.then(() => isLater);
    isLater = true;
    expect(await seen).toBe(true);
  });
});

describe('an engine', () => {
  test('ends a cancelled job at the next layer, and one that waits without beginning it', async () => {
    const engine = addon.createEngine(engineOptions({ config: SLOW_CONFIG }));
    const startedAt = performance.now();
    const [first, second, third] = [1, 2, 3].map(() => encodeLengths(engine, SLOW_LENGTHS));
    const last = encodeLengths(engine, [1]);
    await sleep(20);
    for (const each of [first, second, third]) engine.cancel(each?.job ?? 0);
    expect((await first?.outcome)?.problem).toBe('cancelled');
    expect((await second?.outcome)?.problem).toBe('cancelled');
    expect((await third?.outcome)?.result).toBeNull();
    const { problem, result } = await last.outcome;
    expect([problem, result?.vectors.length]).toEqual([null, 64]);
    const cancelledMs = performance.now() - startedAt;
    await encodeLengths(engine, SLOW_LENGTHS).outcome;
    expect(cancelledMs).toBeLessThan(performance.now() - startedAt - cancelledMs);
    engine.close();
  });

  test('ends a job at its deadline', async () => {
    const engine = addon.createEngine(engineOptions({ config: SLOW_CONFIG }));
    expect((await encodeLengths(engine, SLOW_LENGTHS, { deadlineMs: 20 }).outcome).problem).toBe('late');
    expect((await encodeLengths(engine, [1], { deadlineMs: 20_000 }).outcome).problem).toBeNull();
    engine.close();
  });

  test('answers what is under way when it is closed, and takes no more', async () => {
    const engine = addon.createEngine(engineOptions({ config: SLOW_CONFIG, threads: 2 }));
    const jobs = [SLOW_LENGTHS, SLOW_LENGTHS, [1]].map((lengths) => encodeLengths(engine, lengths));
    engine.close();
    engine.close();
    expect(() => encodeLengths(engine, [1])).toThrow('the engine is closed');
    engine.cancel(1);
    const problems = await Promise.all(jobs.map(async ({ outcome }) => (await outcome).problem));
    expect(problems.slice(0, 2)).toEqual(['cancelled', 'cancelled']);
  });

  test('may be closed by its own callback', async () => {
    const engine = addon.createEngine(engineOptions());
    await new Promise<void>((resolve) => {
      engine.encode(Int32Array.of(1), Int32Array.of(1), 1, 0, null, () => {
        engine.close();
        resolve();
      });
    });
  });

  test('does not mind many others', async () => {
    const options = engineOptions({ threads: 2 });
    const engines = Array.from({ length: 20 }, () => addon.createEngine(options));
    const results = await Promise.all(
      engines.map((engine) => encodeLengths(engine, [5, 9], { threads: 2 }).outcome),
    );
    for (const engine of engines) engine.close();
    const [first, ...others] = results.map(({ result }) => Array.from(result?.vectors ?? []));
    expect(first).toHaveLength(128);
    for (const other of others) expect(other).toEqual(first);
  });
});
