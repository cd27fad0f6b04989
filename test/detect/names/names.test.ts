import { beforeEach, describe, expect, test } from '@jest/globals';
import { createDetect } from '../../../src/detect/detect.ts';
import { createNames } from '../../../src/detect/names/names.ts';
import { FEATURES, SHAPES } from '../../../src/detect/names/words.ts';
import type { Tagger } from '../../../src/engine/tagger.ts';
import type { Json } from '../../../src/shapes.ts';

const WAIT_MS_MAX = 5_000;
const LABELS = ['O', 'B-PERSON', 'I-PERSON'];
const CAPITALISED = SHAPES.indexOf('capitalised');
const FEATURE = 10_000_000;

/** Takes every capitalised word for a name; `asked` is what it read. */
function tagger(asked: string[]): Tagger {
  const words = new Map<number, string>();
  return {
    engine: 'rule',
    revision: '',
    labels: LABELS,
    features: FEATURES,
    lists: { given: new Set(), family: new Set(), place: new Set() },
    before: 0,
    after: 0,
    tokensMax: 64,
    pieces: (word) => {
      const id = 1 + words.size;
      words.set(id, word);
      return [id];
    },
    token: (id, feature) => id + FEATURE * feature,
    tag: async (windows) => {
      asked.push(
        ...windows.map((window) =>
          window
            .map((token) => words.get(token % FEATURE) ?? '')
            .join(' ')
            .trim(),
        ),
      );
      return Float32Array.from(
        windows
          .flat()
          .flatMap((token) => (Math.trunc(token / FEATURE) === CAPITALISED ? [0, 9, 0] : [9, 0, 0])),
      );
    },
    close: async () => {},
  };
}

describe('names', () => {
  let asked: string[];
  let search: (body: Json) => Promise<string[]>;
  beforeEach(() => {
    asked = [];
    const detect = createDetect([createNames(tagger(asked), WAIT_MS_MAX)]);
    search = async (body) => {
      const { leaves, findings } = await detect(body);
      return findings.map(
        ({ leaf, start, end, kind, detector }) =>
          `${kind} ${detector} ${leaves[leaf]?.text.slice(start, end)}`,
      );
    };
  });

  test('are found in every text, and keys that could be one', async () => {
    const found = await search({
      text: 'hello Jane',
      list: ['from Kofi'],
      'Mary Poppins': 1,
      createdAt: 'x1',
    });
    expect(found).toEqual([
      'PERSON names Jane',
      'PERSON names Kofi',
      'PERSON names Mary',
      'PERSON names Poppins',
    ]);
    expect(asked.some((text) => text.includes('createdAt'))).toBe(false);
  });

  test('a field is read with its name, and a short message with the end of the one before', async () => {
    await search({ firstName: 'jane', messages: [{ content: 'who are you?' }, { content: 'jane' }] });
    expect(asked).toEqual(['first Name : jane', 'who are you ?', 'who are you ? jane']);
  });

  test('a text that was read before is not read again', async () => {
    await search({ text: 'hello Jane' });
    expect(await search({ text: 'hello Jane', other: [{ text: 'dear Kofi' }] })).toEqual([
      'PERSON names Jane',
      'PERSON names Kofi',
    ]);
    expect(asked).toEqual(['hello Jane', 'dear Kofi']);
  });

  test('are found where they hide, at their place in the text itself', async () => {
    expect(await search({ text: 'from \uff2aane, Ja\u200bne and K&#111;fi%20Mensah' })).toEqual([
      'PERSON names \uff2aane',
      'PERSON names Ja\u200bne',
      'PERSON names K&#111;fi',
      'PERSON names Mensah',
    ]);
  });

  test('are found where nothing of them is plain, and in what is encoded at length', async () => {
    expect(await search({ text: 'from &#74;&#97;&#110;&#101;' })).toHaveLength(1);
    const long = Buffer.from(`${'word '.repeat(2_000)}Jane`).toString('base64');
    expect(await search({ text: `see ${long} there` })).toHaveLength(1);
  });

  test('words of the protocol and names in programs are not read', async () => {
    await search({
      model: 'Claude',
      messages: [
        {
          role: 'User',
          content: 'hi',
          tool_calls: [{ function: { name: 'Ask', arguments: '{"who":"kofi"}' } }],
        },
      ],
      tools: [{ function: { name: 'Ask', parameters: { properties: {}, required: ['Who'] } } }],
    });
    expect(asked).toEqual(['hi', 'who : kofi']);
  });

  test('the model that is asked for is nobody, wherever it is spoken of', async () => {
    expect(await search({ model: 'acme/Claude', prompt: 'are you Claude or Jane' })).toEqual([
      'PERSON names Jane',
    ]);
  });

  test('many messages take no more time for each', async () => {
    const started = performance.now();
    await search({ content: Array.from({ length: 60_000 }, (_, at) => `ab ${at % 7}`) });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('a long text is read in parts, and nothing in it is lost or moved', async () => {
    const words = Array.from({ length: 6_000 }, (_, at) =>
      at % 500 === 7 ? `Name${'abcdefghijkl'[(at / 500) | 0]}` : 'word',
    );
    const text = words.join(' ');
    const expected = words.filter((word) => word !== 'word').map((word) => `PERSON names ${word}`);
    expect(await search({ text })).toEqual(expected);
    expect(Math.max(...asked.map((part) => part.length))).toBeLessThan(1_000);
  });

  test('texts without letters are not read', async () => {
    await search({ text: '42 – 17 = 25', n: 7 });
    expect(asked).toEqual([]);
  });

  test('too much text is refused', async () => {
    const text = Array.from({ length: 200_000 }, (_, at) => `word${at}`).join(' ');
    await expect(search({ text })).rejects.toMatchObject({ code: 'detect_too_much' });
  });

  test('a tagger that fails fails the request', async () => {
    const broken = { ...tagger([]), tag: () => Promise.reject(new Error('gone')) };
    await expect(createDetect([createNames(broken, WAIT_MS_MAX)])({ text: 'Jane' })).rejects.toMatchObject({
      code: 'detect_failed',
    });
  });

  test('a tagger that is late fails the request, and is told to stop', async () => {
    const stopped = Promise.withResolvers<void>();
    const late: Tagger = {
      ...tagger([]),
      tag: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            stopped.resolve();
            reject(signal.reason);
          });
        }),
    };
    const search = createDetect([createNames(late, 1)])({ text: 'Jane' });
    await expect(search).rejects.toMatchObject({ code: 'detect_timeout' });
    await stopped.promise;
  });

  test('a tagger with other features is refused', () => {
    expect(() => createNames({ ...tagger([]), features: 7 }, WAIT_MS_MAX)).toThrow(
      'learned with other features',
    );
  });

  test('a tagger with other lists is refused', () => {
    expect(() => createNames({ ...tagger([]), lists: {} }, WAIT_MS_MAX)).toThrow(
      'The tagger has no list given.',
    );
  });
});
