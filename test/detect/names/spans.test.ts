import { expect, test } from '@jest/globals';
import { readLabels, spansOf } from '../../../src/detect/names/spans.ts';
import { cutWords } from '../../../src/detect/names/words.ts';
import { NAMED_KINDS } from '../../../src/personal-kinds.ts';

const LABELS = ['O', 'B-PERSON', 'I-PERSON', 'B-LOCATION', 'I-LOCATION'];
const table = readLabels(LABELS, NAMED_KINDS);

/** The spans of a text whose words have these labels, as sure as `logit` says. */
function spans(text: string, labels: string, logit = 9): string[] {
  const words = cutWords(text);
  const chosen = labels
    .split(' ')
    .map((short) => LABELS.findIndex((label) => label === short || label[0] + (label[2] ?? '') === short));
  const logits = new Float32Array((words.length + 2) * LABELS.length);
  for (const [at, label] of chosen.entries()) logits[(at + 1) * LABELS.length + label] = logit;
  const window = { reading: 0, tokens: [], words, places: words.map((_, at) => at + 1) };
  return spansOf(window, logits, table).map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);
}

test('neighbouring words of one kind are one finding', () => {
  expect(spans('Call Jane van Doe now', 'O BP IP IP O')).toEqual(['PERSON Jane van Doe']);
});

test('a beginning begins another', () => {
  expect(spans('Jane John Doe', 'BP BP IP')).toEqual(['PERSON Jane', 'PERSON John Doe']);
});

test('another kind is another finding', () => {
  expect(spans('Jane Paris', 'BP IL')).toEqual(['PERSON Jane', 'LOCATION Paris']);
});

test('an inside without a beginning counts too: nothing that is named stays', () => {
  expect(spans('hello Jane', 'O IP')).toEqual(['PERSON Jane']);
});

test('what is written without a space is one name', () => {
  expect(spans("Mensah-Boateng's", 'BP BL BL O O')).toEqual(['PERSON Mensah-Boateng']);
});

test('what is likelier nothing is nothing', () => {
  const words = cutWords('Jane');
  const logits = new Float32Array(3 * LABELS.length);
  logits.set([3, 2.5, 0, 0, 0], LABELS.length);
  expect(spansOf({ reading: 0, tokens: [], words, places: [1] }, logits, table)).toEqual([]);
});

test('the score is the chance that the words name something', () => {
  const words = cutWords('Jane');
  const logits = new Float32Array(3 * LABELS.length);
  logits.set([0, Math.log(9), 0, 0, 0], LABELS.length);
  const [span] = spansOf({ reading: 0, tokens: [], words, places: [1] }, logits, table);
  expect(span?.score).toBeCloseTo(12 / 13, 5);
});

test('what is no number is an error, not nothing', () => {
  const logits = new Float32Array(3 * LABELS.length).fill(Number.NaN);
  const window = { reading: 0, tokens: [], words: cutWords('Jane'), places: [1] };
  expect(() => spansOf(window, logits, table)).toThrow('no number');
});

test('labels that are not known are refused', () => {
  expect(() => readLabels(['O', 'B-PLANET'], NAMED_KINDS)).toThrow('The label B-PLANET is not known.');
});
