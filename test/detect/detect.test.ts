import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDetect, type Detector } from '../../src/detect/detect.ts';
import type { EntityKind } from '../../src/personal-kinds.ts';
import type { Detection, Finding } from '../../src/shapes.ts';
import { anyBody } from '../redact/planted.ts';
import { TurnCounter } from '../turn-counter.ts';

const detect = createDetect();
const said = ({ leaves, findings }: Detection): string[] =>
  findings.map(({ leaf, start, end, kind }) => `${kind} ${leaves[leaf]!.text.slice(start, end)}`);
const user = (content: string) => ({ role: 'user', content });

describe('the conversation is one document', () => {
  test('a value told by its words in one place is found in every other', async () => {
    const detection = await detect({
      messages: [
        user('my MRN is 12345678'),
        user('I said 12345678!'),
        user('{"n":12345678,"ref":"x-12345678"}'),
      ],
    });
    expect(said(detection)).toEqual(new Array(4).fill('MEDICAL_RECORD_NUMBER 12345678'));
    expect(detection.kinds).toEqual({ MEDICAL_RECORD_NUMBER: 4 });
  });

  test('a short value is found elsewhere only where it stands alone', async () => {
    const detection = await detect([user('MRN 54321'), user('54321, not 154321 or 543210')]);
    expect(said(detection)).toEqual(['MEDICAL_RECORD_NUMBER 54321', 'MEDICAL_RECORD_NUMBER 54321']);
  });

  test('a number beside a value that a word speaks of is not of its kind', async () => {
    const text = 'My MRN is 4482913, my order number is 1029384756 and I paid 12345 on invoice 55667788.';
    expect(said(await detect([user(text)]))).toEqual(['MEDICAL_RECORD_NUMBER 4482913']);
  });

  test('a password that is a plain word hides no other word', async () => {
    const detection = await detect({ messages: [user('password: user')] });
    expect(said(detection)).toEqual(['SECRET user']);
  });

  test('a value has one kind, the surest', async () => {
    const detection = await detect([user('patient id 4111111111111111'), user('4111111111111111')]);
    expect(said(detection)).toEqual(new Array(2).fill('CREDIT_CARD 4111111111111111'));
  });
});

test('findings are in order, apart from one another, inside of their texts, and counted', async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, async (body) => {
      const { leaves, findings, kinds } = await detect(body);
      let before: Finding | undefined;
      for (const finding of findings) {
        expect(finding.end).toBeGreaterThan(finding.start);
        expect(finding.end).toBeLessThanOrEqual(leaves[finding.leaf]!.text.length);
        if (before?.leaf === finding.leaf) expect(finding.start).toBeGreaterThanOrEqual(before.end);
        else expect(finding.leaf).toBeGreaterThan(before?.leaf ?? -1);
        before = finding;
      }
      expect(Object.values(kinds).reduce((sum, count) => sum + count, 0)).toBe(findings.length);
    }),
    { numRuns: 200 },
  );
});

describe('another detector, such as a model', () => {
  const names = (find: Detector['find']): Detector => ({ name: 'names', kinds: ['PERSON'], find });
  const jane = names(async (leaves) =>
    leaves.flatMap(({ text }, leaf) => {
      const start = text.indexOf('Jane Doe');
      return start === -1
        ? []
        : [
            {
              leaf,
              start,
              end: start + 8,
              kind: 'PERSON' as EntityKind,
              score: 0.9,
              detector: 'names',
              view: 'raw',
            },
          ];
    }),
  );

  test('adds what it finds', async () => {
    const detection = await createDetect([jane])([user('Jane Doe, jane@example.org')]);
    expect(said(detection)).toEqual(['PERSON Jane Doe', 'EMAIL_ADDRESS jane@example.org']);
  });

  test('covers the whole of what it overlaps with', async () => {
    const part = names(() => [
      { leaf: 1, start: 0, end: 8, kind: 'PERSON', score: 0.9, detector: 'names', view: 'raw' },
    ]);
    expect(said(await createDetect([part])({ x: 'jane.doe@example.org' }))).toEqual([
      'EMAIL_ADDRESS jane.doe@example.org',
    ]);
  });

  test.each<[string, Detector['find']]>([
    [
      'throws',
      () => {
        throw new Error('jane@example.org');
      },
    ],
    ['fails later', () => Promise.reject(new Error('out of memory'))],
    [
      'finds something beyond the text',
      () => [{ leaf: 0, start: 0, end: 99, kind: 'PERSON', score: 1, detector: 'names', view: 'raw' }],
    ],
    [
      'finds something in no text',
      () => [{ leaf: 7, start: 0, end: 1, kind: 'PERSON', score: 1, detector: 'names', view: 'raw' }],
    ],
    [
      'finds something without a place',
      () => [
        { leaf: 0, start: Number.NaN, end: 1, kind: 'PERSON', score: 1, detector: 'names', view: 'raw' },
      ],
    ],
  ])('fails the whole search if it %s, and its words do not get out', async (_what, find) => {
    const failure = await createDetect([names(find)])(['Jane']).catch((thrown: Error) => thrown);
    expect(failure).toMatchObject({ code: 'detect_failed' });
    expect((failure as Error).message).not.toContain('jane');
  });
});

test('a search that nobody waits for any more ends with the reason', async () => {
  const reason = new Error('gone');
  await expect(
    detect(new Array(40).fill('x '.repeat(5_000)), undefined, AbortSignal.abort(reason)),
  ).rejects.toBe(reason);
});

describe('one text as long as a book', () => {
  const lines = (chars: number): string => {
    let text = '';
    for (let i = 0; text.length < chars; i++)
      text += `2026-11-20T10:01 request ${i * 7919} of jane${i % 50}@example.org from 10.0.3.7\n`;
    return text;
  };

  test('is searched with the other requests between', async () => {
    const others = new TurnCounter();
    const { findings } = await detect([user(lines(200_000))]);
    others.stop();
    expect(findings.length).toBeGreaterThan(2_000);
    expect(others.turns).toBeGreaterThan(10);
  });

  test('is searched no further once nobody waits for it', async () => {
    const gone = new AbortController();
    setImmediate(() => gone.abort(new Error('gone')));
    await expect(detect([user(lines(200_000))], undefined, gone.signal)).rejects.toThrow('gone');
  });
});

test('more values than can be guarded are refused', async () => {
  const many = Array.from({ length: 5_001 }, (_, i) => `user${i}@example.org`);
  await expect(detect(many)).rejects.toMatchObject({ code: 'detect_too_much' });
});
