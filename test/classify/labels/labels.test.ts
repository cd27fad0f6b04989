import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LabelSet } from '../../../src/classify/labels/label-set.ts';
import { parseLabels, readLabels } from '../../../src/classify/labels/labels.ts';
import { LabelsError } from '../../../src/classify/labels/labels-file.ts';
import { readSettings } from '../../../src/settings.ts';

const ANY = { labelsMin: 1, examplesPerLabelMin: 3 };

function report(
  source: string,
  file = 'intent.yaml',
  vocabulary = ANY as Parameters<typeof parseLabels>[2],
): string {
  try {
    parseLabels(source, file, vocabulary);
  } catch (error) {
    if (error instanceof LabelsError) return error.message;
    throw error;
  }
  return '';
}

const GOOD = `labels:
  returns:
    about: Send something back.
    examples: [send it back, return please, how do returns work]
  hours:
    examples:
      - when are you open
      - 24/7?
      - 404
out_of_scope:
  - tell me a joke
`;
const READ: LabelSet = {
  names: ['returns', 'hours'],
  examples: [
    { text: 'send it back', label: 0 },
    { text: 'return please', label: 0 },
    { text: 'how do returns work', label: 0 },
    { text: 'when are you open', label: 1 },
    { text: '24/7?', label: 1 },
    { text: '404', label: 1 },
  ],
  outOfScope: ['tell me a joke'],
};

test('reads YAML, and takes an example as it was written', () => {
  expect(parseLabels(GOOD, 'intent.yaml', ANY)).toEqual({ labels: READ, warnings: [] });
});

test('reads the same from JSON Lines', () => {
  const lines = [
    ...READ.examples.map(({ text, label }) => JSON.stringify({ text, label: READ.names[label] })),
    '',
    JSON.stringify({ text: 'tell me a joke', label: null }),
  ];
  expect(parseLabels(lines.join('\n'), 'intent.jsonl', ANY)).toEqual({ labels: READ, warnings: [] });
});

test('reads the same from a table', () => {
  const cell = (text: string): string => (text.includes('?') ? `"${text}"` : text);
  const rows = READ.examples.map(({ text, label }) => `17;${cell(text)};${READ.names[label]}`);
  const source = ['id;Text;Intent', ...rows, ';;', '18;tell me a joke;'].join('\r\n');
  expect(parseLabels(`\uFEFF${source}`, 'intent.csv', ANY)).toEqual({ labels: READ, warnings: [] });
});

test.each(['', ' ', 'oos', 'OOS', 'out_of_scope', 'Out of scope', 'out-of-scope'])(
  '%j says out of scope',
  (label) => {
    const rows = [
      ...READ.examples.map(({ text, label }) => ({ text, intent: READ.names[label] })),
      { text: 'tell me a joke', intent: label },
    ];
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    expect(parseLabels(lines, 'intent.jsonl', ANY).labels).toEqual(READ);
  },
);

test('a row without a text is left out with a warning', () => {
  const { labels, warnings } = parseLabels('text,intent\na,x\nb,x\n,x\nc,x\n', 'intent.csv', ANY);
  expect(labels.examples).toHaveLength(3);
  expect(warnings).toEqual(['intent.csv:4:1: This row has no text; it is left out.']);
});

test('a file of messages that are all out of scope needs no labels, and heeds none', () => {
  const outside = { labelsMin: 0, examplesPerLabelMin: 0, isAllOutOfScope: true };
  const read = (source: string, file: string) => parseLabels(source, file, outside).labels;
  const expected = { names: [], examples: [], outOfScope: ['hi', 'ho'] };
  expect(read('text\nhi\nho\n', 'o.csv')).toEqual(expected);
  expect(read('{"text":"hi"}\n{"text":"ho","intent":"x"}', 'o.jsonl')).toEqual(expected);
  expect(read('- hi\n- ho\n', 'o.yaml')).toEqual(expected);
  expect(read('labels: {x: {examples: [hi]}}\nout_of_scope: [ho]', 'o.yaml')).toEqual(expected);
});

describe('a mistake is told with its place and what to do', () => {
  test('an example with a colon', () => {
    expect(report(GOOD.replace('- when are you open', '- hours: sunday'))).toBe(
      `intent.yaml:7:9: An example must be one text: put it in quotes if it holds a colon.
  7 |       - hours: sunday
    |         ^`,
    );
  });
  test('a misspelt key', () => {
    expect(report(GOOD.replace('examples:\n', 'exampels:\n'))).toBe(
      `intent.yaml:5:3: \`hours\` has no \`examples:\`.
  5 |   hours:
    |   ^^^^^

intent.yaml:6:5: \`exampels\` is not a key of a label.
  6 |     exampels:
    |     ^^^^^^^^
  Did you mean \`examples\`?`,
    );
  });
  test('too few examples', () => {
    expect(report(GOOD.replace('      - 404\n', ''))).toBe(
      `intent.yaml:5:3: \`hours\` has 2 examples and needs at least 3; ten or more are better.
  5 |   hours:
    |   ^^^^^`,
    );
  });
  test('a label outside the vocabulary, and one that is missing', () => {
    const vocabulary = { ...ANY, labelsMin: 2, names: ['returns', 'hour'] };
    expect(report(GOOD.replace(/out_of_scope.*/s, ''), 'urgency.yaml', vocabulary)).toBe(
      `urgency.yaml:1:1: The label \`hour\` is missing.
  1 | labels:
    | ^

urgency.yaml:5:3: \`hours\` is not one of the labels of this file.
  5 |   hours:
    |   ^^^^^
  Did you mean \`hour\`?`,
    );
  });
  test.each([
    ['', 'intent.yaml:1:1: A labels file begins with `labels:`'],
    ['labels: 3', 'intent.yaml:1:9: A labels file begins with `labels:`'],
    ['labels: {a: {examples: [x]', 'intent.yaml:1:27: This is not valid YAML: '],
    [
      `labels: {${'o'.repeat(65)}: {examples: [a, b, c]}}`,
      `intent.yaml:1:10: \`${'o'.repeat(60)}…\` is not a label`,
    ],
    ['labels: {"a\\u0007": {examples: [a, b, c]}}', 'intent.yaml:1:10: `a�` is not a label'],
    ['labels: {a: {examples: [a, "", c]}}', 'intent.yaml:1:28: The example is empty'],
    [
      'labels: {a: {examples: [a, b, c]}}\nout_of_scope: no',
      'intent.yaml:2:15: `out_of_scope` must be a list',
    ],
    ['labels: {a: [x, y, z]}', 'intent.yaml:1:10: `a` needs `about:` and `examples:` below it.'],
  ])('%j', (source, beginning) => {
    expect(report(source).slice(0, beginning.length)).toBe(beginning);
  });
  test.each([
    [
      'message,intent\na,b',
      'intent.csv:1:1: The first row must name the columns, `text` and `intent` among them. It has: `message`, `intent`.',
    ],
    ['', 'intent.csv:1:1: The first row must name the columns, `text` and `intent` among them. It is empty.'],
    ['text,intent\n"a,b', 'intent.csv:2:1: Row 2 opens a quote (") that is never closed.'],
    ['text,intent\na,b\n', 'intent.csv:2:1: `b` has 1 examples and needs at least 3'],
  ])('%j', (source, beginning) => {
    expect(report(source, 'intent.csv').slice(0, beginning.length)).toBe(beginning);
  });
  test('an example that is a book', () => {
    expect(report(`labels: {a: {examples: [a, b, ${'c'.repeat(10_001)}]}}`)).toMatch(
      /^intent.yaml:1:31: The example has more than 10000/,
    );
  });
  test('a workbook', () => {
    expect(report('PK', 'tickets.xlsx')).toMatch(
      /^tickets.xlsx:1:1: This is none of .*can be saved as CSV.$/,
    );
  });
  test.each([
    ['{"text": "a"}', 'intent.jsonl:1:1: Each line must be an object with "text" and "label" (or "intent").'],
    ['{"text": 1, "label": "a"}', 'intent.jsonl:1:1: "text" must be a string.'],
    ['{"text": "a", "label": 1}', 'intent.jsonl:1:1: "label" must be a string, or null'],
    ['\n{', 'intent.jsonl:2:1: This line is not valid JSON.'],
  ])('%j', (source, beginning) => {
    expect(report(source, 'intent.jsonl').slice(0, beginning.length)).toBe(beginning);
  });
});

test('a text that stands twice is left out the second time, with a warning', () => {
  const { labels, warnings } = parseLabels(`${GOOD}  - When are  you OPEN\n`, 'intent.yaml', ANY);
  expect(labels).toEqual(READ);
  expect(warnings).toEqual([
    'intent.yaml:12:5: This example stands also under `hours`, on line 7; this one is left out.',
  ]);
});

test('an example that loses its end to a comment is warned about', () => {
  const { warnings } = parseLabels(`${GOOD}  - where is order #123\n`, 'intent.yaml', ANY);
  expect(warnings).toEqual([
    'intent.yaml:12:5: What follows # is a comment: put the example in quotes if it belongs to it.',
  ]);
});

test('whatever stands in a file, it is read or refused with a place', () => {
  const scrap = fc.constantFrom(
    'labels:',
    ' a:',
    '\n',
    '  ',
    '- ',
    '[',
    '{',
    '}',
    '"',
    "'",
    '#',
    '*x',
    '&x',
    ': ',
    'out_of_scope:',
    '!!',
  );
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 20 }), (scraps) => {
      for (const file of ['intent.yaml', 'intent.jsonl', 'intent.csv']) {
        const message = report(scraps.join(''), file);
        expect(message).toMatch(/^(intent\.(yaml|jsonl|csv):\d+:\d+: |$)/);
      }
    }),
  );
});

describe('readLabels', () => {
  test('reads what is shipped without a warning', async () => {
    const labels = await readLabels(readSettings({}).TIERGATE_LABELS);
    expect(labels.warnings).toEqual([]);
    expect(labels.intent.names).toHaveLength(28);
    expect(labels.urgency.names).toEqual(['low', 'normal', 'high', 'critical']);
  });

  test('takes the shipped urgencies and difficulties where a folder has only intents', async () => {
    const shipped = await readLabels(readSettings({}).TIERGATE_LABELS);
    const folder = await mkdtemp(join(tmpdir(), 'labels-'));
    try {
      const rows = ['a', 'b', 'c'].flatMap((name) => [1, 2, 3].map((n) => `${name}${n},${name}`));
      await writeFile(join(folder, 'intent.csv'), `text,intent\n${rows.join('\n')}`, 'utf16le');
      await expect(readLabels(folder)).rejects.toThrow('columns');
      await writeFile(join(folder, 'intent.csv'), `\uFEFFtext,intent\n${rows.join('\n')}`, 'utf16le');
      const { intent, urgency, difficulty } = await readLabels(folder);
      expect(intent.names).toEqual(['a', 'b', 'c']);
      expect({ urgency, difficulty }).toEqual({ urgency: shipped.urgency, difficulty: shipped.difficulty });
      await writeFile(join(folder, 'intent.csv'), Buffer.from('text,intent\nGr\xfc\xdfe,a', 'latin1'));
      await expect(readLabels(folder)).rejects.toThrow('is not UTF-8');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('says which file it looked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labels-'));
    try {
      await expect(readLabels(folder)).rejects.toThrow(
        `${join(folder, 'intent.yaml')}:1:1: There is no such file.`,
      );
      await writeFile(join(folder, 'intent.jsonl'), '{}');
      await expect(readLabels(folder)).rejects.toThrow(
        `${join(folder, 'intent.jsonl')}:1:1: Each line must be`,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
