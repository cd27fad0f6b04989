/**
 * What the difficulty head learns from: questions of public benchmarks of which it is known which models answered them
 * right, our own questions (`difficulty/questions.yaml`), and the shipped labels, which say what is hard in support.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { LabelSet } from '../../../src/classify/labels/label-set.ts';

const FILES = [
  'ulab_llama8b_nemotron49b_train_dedup.jsonl',
  'ulab_qwen7b_nemotron51b_train_dedup.jsonl',
] as const;
/** Which benchmark a row is of is read off its place, as the evaluation does. */
const SPECS = fileURLToPath(new URL('../../../eval/data-sets/routing', import.meta.url));
const OWN = fileURLToPath(new URL('./questions.yaml', import.meta.url));
/** All of ours, and all labels, in units of all benchmarks' questions together. */
const OWN_SHARE = 0.2;
const LABELS_SHARE = 0.05;
/** Ours and the labels are judged unseen in so many parts; the benchmarks one by one. */
const PARTS = 10;

export interface DifficultyRow {
  readonly text: string;
  /** A benchmark, or one of our two sets. How hard its questions are on the whole is not to be learned. */
  readonly set: string;
  /** Rows of one fold are judged by what was learned without them. */
  readonly fold: string;
  /** 0 to 1: how wrong small models answer it, on average. */
  readonly wrong: number;
  readonly weight: number;
  /** Of each pair of models, the quality of its answers, 0 to 1; none for ours. */
  readonly pairs: readonly { readonly weak: number; readonly strong: number }[];
}

/** None if the routing sets are not there. @param folder of the public sets */
export function difficultyRows(folder: string, labels: LabelSet): DifficultyRow[] {
  const questions = benchmarkRows(join(folder, 'routing'));
  if (questions.length === 0) return [];
  const hard = labels.names.indexOf('hard');
  const named = labels.examples.map(({ text, label }) => ({ text, wrong: Number(label === hard) }));
  return [
    ...questions,
    ...ourRows('own', readOwn(), OWN_SHARE * questions.length),
    ...ourRows('labels', named, LABELS_SHARE * questions.length),
  ];
}

function ourRows(
  set: string,
  rows: readonly { readonly text: string; readonly wrong: number }[],
  weight: number,
): DifficultyRow[] {
  return rows.map(({ text, wrong }, at) => {
    return { text, set, fold: `part ${at % PARTS}`, wrong, weight: weight / rows.length, pairs: [] };
  });
}

/** Our own questions: 0 for what a small model answers well, 1 for what it does not. */
export function readOwn(): { text: string; wrong: number }[] {
  const { easy, hard }: { easy: string[]; hard: string[] } = parse(readFileSync(OWN, 'utf8'));
  return [...easy.map((text) => ({ text, wrong: 0 })), ...hard.map((text) => ({ text, wrong: 1 }))];
}

interface Marked {
  readonly id: string;
  readonly prompt: string;
  readonly weak: number;
  readonly strong: number;
}

function benchmarkRows(folder: string): DifficultyRow[] {
  const paths = FILES.map((file) => join(folder, file));
  if (!paths.every((path) => existsSync(path))) return [];
  const [first = [], second = []] = paths.map((path): Marked[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );
  const spec = JSON.parse(readFileSync(join(SPECS, FILES[0].replace('.jsonl', '.spec.json')), 'utf8'));
  const begins = Object.entries<number>(spec.groups.from);
  const others = new Map(second.map((row) => [row.prompt, row]));
  return first.flatMap((row): DifficultyRow[] => {
    const other = others.get(row.prompt);
    if (other === undefined) return [];
    const place = Number(row.id.split('/').at(-1));
    const set = begins.findLast(([, from]) => from <= place)?.[0] ?? '';
    const pairs = [row, other].map(({ weak, strong }) => ({ weak, strong }));
    return [{ text: row.prompt, set, fold: set, wrong: 1 - (row.weak + other.weak) / 2, weight: 1, pairs }];
  });
}
