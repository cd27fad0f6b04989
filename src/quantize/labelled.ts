/**
 * What quantization costs the work itself: labels learned on a model's vectors, and judged on texts that they were not
 * learned from.
 */
import { readFileSync } from 'node:fs';
import { judgeIntent, learnIntent } from '../classify/intent/intent.ts';
import { chanceAbove } from '../statistics/selective.ts';

/** Labels are learned from some of the texts and tested on the others. */
export interface LabelledText {
  readonly text: string;
  /** Null: belongs to no label. */
  readonly label: string | null;
  readonly isTest: boolean;
}

export interface LabelledResult {
  /** Share of the tested texts that have a label and got theirs. */
  readonly accuracy: number;
  /** Chance that a text with a label seems more in scope than one without; null where the file has none of these. */
  readonly auroc: number | null;
}

const BYTES_MAX = 268_435_456;
/** Fewer cannot be learned. */
const LABELS_MIN = 3;

/**
 * Reads a labels file in JSON Lines (`docs/labels.md`): `{"text": …, "label": …}`, label null for out of scope. A row may
 * say `"split": "train"` or `"test"`; where none does, every second row of each label is for testing.
 * @throws Error naming the line at fault
 */
export function readLabelled(file: string): LabelledText[] {
  const source = readFileSync(file, 'utf8');
  if (source.length > BYTES_MAX) throw new Error(`${file} is larger than ${BYTES_MAX} bytes.`);
  const seen = new Map<string | null, number>();
  const texts = source.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const { text, label, split } = parseRow(line, `${file}:${index + 1}`);
    const count = seen.get(label) ?? 0;
    seen.set(label, count + 1);
    return [{ text, label, isTest: split === undefined ? count % 2 === 1 : split === 'test' }];
  });
  const learned = texts.filter(({ isTest, label }) => !isTest && label !== null);
  const counts = Map.groupBy(learned, ({ label }) => label);
  if (counts.size < LABELS_MIN || [...counts.values()].some(({ length }) => length < 2)) {
    throw new Error(`${file} needs ${LABELS_MIN} labels, each with two texts or more to learn from.`);
  }
  return texts;
}

function parseRow(line: string, place: string): { text: string; label: string | null; split?: string } {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place} is no JSON.`, { cause });
  }
  const { text, label, split } = { ...(row as Record<string, unknown>) };
  const isLabel = label === null || typeof label === 'string';
  const isSplit = split === undefined || split === 'train' || split === 'test';
  if (typeof text !== 'string' || !isLabel || !isSplit) {
    throw new Error(`${place} must hold "text", "label" (or null), and "split" only as "train" or "test".`);
  }
  return split === undefined ? { text, label } : { text, label, split };
}

/** @param vectors of the same texts, in their order */
export function judgeLabelled(
  texts: readonly LabelledText[],
  vectors: readonly Float32Array[],
): LabelledResult {
  const points = texts.map((each, at) => ({ ...each, vector: vectors[at] as Float32Array }));
  const learned = points.filter(({ isTest, label }) => !isTest && label !== null);
  const names = [...new Set(learned.map(({ label }) => label))];
  const head = learnIntent(
    learned.map(({ vector }) => vector),
    learned.map(({ label }) => names.indexOf(label)),
    names.length,
    points.filter(({ isTest, label }) => !isTest && label === null).map(({ vector }) => vector),
  );
  const tested = points
    .filter(({ isTest }) => isTest)
    .map(({ vector, label }) => {
      const judged = judgeIntent(head, vector);
      return { label, inScope: judged.inScope, isRight: names[judged.label] === label };
    });
  const inside = tested.filter(({ label }) => label !== null);
  const outside = tested.filter(({ label }) => label === null);
  return {
    accuracy: inside.filter(({ isRight }) => isRight).length / Math.max(1, inside.length),
    auroc: chanceAbove(
      inside.map(({ inScope }) => inScope),
      outside.map(({ inScope }) => inScope),
    ),
  };
}
