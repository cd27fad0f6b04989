import { describe, expect, test } from '@jest/globals';
import { LabelledRowsError, readLabelledRows } from '../../src/guarantee/labelled-rows.ts';

const read = (text: string) =>
  readLabelledRows(
    (async function* () {
      yield Buffer.from(text);
    })(),
    'rows.jsonl',
  );

test('both forms are read, and lines without anything are passed over', async () => {
  const rows = await read(
    [
      '{"confidence": 0.93, "right": true}',
      '',
      '{"confidence": 1, "right": false, "id": 7}',
      '{"confidence": 0.5}',
      '{"text": "Where is it?", "intent": "order_status", "tenant": "acme"}',
      '{"text": "Hi", "intent": null}',
      '{"text": "Hi", "intent": "oos"}',
    ].join('\n'),
  );
  expect(rows).toEqual([
    { kind: 'confidence', confidence: 0.93, wrong: false },
    { kind: 'confidence', confidence: 1, wrong: true },
    { kind: 'confidence', confidence: 0.5, wrong: null },
    { kind: 'text', text: 'Where is it?', intent: 'order_status', tenant: 'acme' },
    { kind: 'text', text: 'Hi', intent: null, tenant: null },
    { kind: 'text', text: 'Hi', intent: null, tenant: null },
  ]);
});

describe('what cannot be used is named with its line, and not quoted', () => {
  test.each([
    ['secret words', 'not valid JSON'],
    ['["secret words"]', 'not a JSON object'],
    ['{"words": "secret words"}', 'neither `confidence` nor `text`'],
    ['{"confidence": 1.01, "right": true}', '`confidence` is not'],
    ['{"confidence": "0.9", "right": true}', '`confidence` is not'],
    ['{"confidence": 0.9, "right": "secret words"}', '`right` is neither'],
    ['{"text": " ", "intent": "a"}', '`text` is empty'],
    ['{"text": "secret words"}', '`intent` is missing'],
    ['{"text": "secret words", "intent": 3}', '`intent` is missing'],
    ['{"text": "secret words", "intent": "a", "tenant": {}}', '`tenant` is not'],
  ])('%s', async (line, problem) => {
    const error: unknown = await read(`{"confidence": 0.5}\n${line}\n`).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(LabelledRowsError);
    expect(String(error)).toContain(`rows.jsonl:2: `);
    expect(String(error)).toContain(problem);
    expect(String(error)).not.toContain('secret words');
  });

  test('twenty are enough', async () => {
    const error = String(await read('x\n'.repeat(30)).catch((thrown) => thrown));
    expect(error.split('\n')).toHaveLength(21);
    expect(error).toContain('… and 10 more');
  });
});
