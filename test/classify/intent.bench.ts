/**
 * Measures the intent classifier on public data: `npm run bench:intent -- --data <folder>`, the folder holding
 * `clinc150/{train,val,oos_train,oos_val}.jsonl` (clinc/oos-eval), `hwu64/{train_10,valid}.jsonl` (HWU64) and
 * `dstc11_insurance.jsonl`, each line with `text` and `intent`. None of it is part of this repository.
 *
 * "near" rows hold a quarter of the intents back and use their messages as the unknown ones.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type JudgeIntent, learnIntent } from '../../src/classify/intent.ts';
import { readLabels } from '../../src/classify/labels.ts';
import { createNativeEncoder } from '../../src/engine/native/native-encoder.ts';
import { readSettings } from '../../src/settings.ts';
import { auroc, calibrationError, recallAt } from './measures.ts';

interface Row {
  readonly text: string;
  readonly intent: string;
}
interface Point {
  readonly vector: Float32Array;
  readonly intent: string;
}
interface Trial {
  readonly name: string;
  readonly train: readonly Point[];
  readonly known: readonly Point[];
  readonly unknown: readonly Point[];
  readonly background: readonly Point[];
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, full: { type: 'boolean', default: false } },
});
if (values.data === undefined) throw new Error('Say where the data is: --data <folder> [--full]');
const data = values.data;
const settings = readSettings({});
const encoder = await createNativeEncoder({ modelFolder: settings.TIERGATE_MODEL, queueMax: 1, threads: 1 });
const { intent: own } = await readLabels(settings.TIERGATE_LABELS);

async function embed(name: string, rows: readonly Row[]): Promise<Point[]> {
  let shown = 0;
  const embeddings = await encoder.embedAll(
    rows.map(({ text }) => text),
    (done) => {
      if (done - shown < 500 && done < rows.length) return;
      shown = done;
      process.stderr.write(`${name}: ${done} of ${rows.length} embedded\n`);
    },
  );
  return rows.map(({ intent }, i) => ({ intent, vector: embeddings[i]!.vector }));
}

function read(file: string): Row[] {
  const lines = readFileSync(join(data, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

/** `count` rows of each intent, spread evenly over its rows: neighbours in a file are often alike. */
function few<T extends { readonly intent: string }>(rows: readonly T[], count: number): T[] {
  return Object.values(Object.groupBy(rows, ({ intent }) => intent)).flatMap((same) =>
    Array.from(
      { length: Math.min(count, same!.length) },
      (_, i) => same![Math.floor((i * same!.length) / Math.min(count, same!.length))]!,
    ),
  );
}

/** Every fourth intent, by name, becomes unknown. */
function holdBack(name: string, train: readonly Point[], test: readonly Point[], background: Point[]): Trial {
  const names = [...new Set(train.map(({ intent }) => intent))].sort();
  const held = new Set(names.filter((_, i) => i % 4 === 0));
  const keep = ({ intent }: Point): boolean => !held.has(intent);
  return {
    name,
    train: train.filter(keep),
    known: test.filter(keep),
    unknown: test.filter((point) => !keep(point)),
    background,
  };
}

function run({ name, train, known, unknown, background }: Trial): Record<string, string | number> {
  const names = [...new Set(train.map(({ intent }) => intent))];
  const began = performance.now();
  const judge: JudgeIntent = learnIntent(
    train.map(({ vector }) => vector),
    train.map(({ intent }) => names.indexOf(intent)),
    names.length,
    background.map(({ vector }) => vector),
  );
  const learned = performance.now() - began;
  const inside = known.map(({ vector, intent }) => {
    const judgement = judge(vector);
    return { ...judgement, right: names[judgement.label] === intent };
  });
  const outside = unknown.map(({ vector }) => ({ ...judge(vector), right: false }));
  const scope = [inside, outside].map((points) => points.map(({ inScope }) => inScope)) as [
    number[],
    number[],
  ];
  const all = [...inside, ...outside];
  const confidences = (right: boolean): number[] =>
    all.filter((each) => each.right === right).map(({ confidence }) => confidence);
  const outcomes = [
    ...inside.map((each) => ({ ...each, weight: 0.8 / inside.length })),
    ...outside.map((each) => ({ ...each, weight: 0.2 / outside.length })),
  ];
  const percent = (share: number): string => (share * 100).toFixed(1);
  return {
    trial: name,
    examples: train.length,
    'learn ms': Math.round(learned),
    'accuracy %': percent(inside.filter(({ right }) => right).length / inside.length),
    'oos AUROC': auroc(...scope).toFixed(3),
    'oos recall at 95 %': percent(recallAt(0.95, ...scope)),
    'right over wrong AUROC': auroc(confidences(true), confidences(false)).toFixed(3),
    'ECE at 20 % oos': percent(calibrationError(outcomes)),
  };
}

const clincTrain = await embed(
  'clinc150 train',
  values.full ? read('clinc150/train.jsonl') : few(read('clinc150/train.jsonl'), 10),
);
const clincVal = await embed('clinc150 val', read('clinc150/val.jsonl'));
const clincOos = await embed('clinc150 oos_val', read('clinc150/oos_val.jsonl'));
const clincBackground = await embed('clinc150 oos_train', read('clinc150/oos_train.jsonl'));
const hwuTrain = await embed('hwu64 train_10', read('hwu64/train_10.jsonl'));
const hwuValid = await embed('hwu64 valid', read('hwu64/valid.jsonl'));
const insurance = await embed('dstc11 insurance', read('dstc11_insurance.jsonl'));
const background = await embed(
  'our out_of_scope',
  own.outOfScope.map((text) => ({ text, intent: '' })),
);
const clinc10 = few(clincTrain, 10);
const insurance8 = few(insurance, 8);
const insuranceRest = insurance.filter((point) => !insurance8.includes(point));

const clinc = { train: clinc10, known: clincVal, unknown: clincOos };
const hwu = { train: hwuTrain, known: hwuValid, unknown: clincOos };
const trials: Trial[] = [
  { name: 'CLINC150, 10 each, no background', ...clinc, background: [] },
  { name: 'CLINC150, 10 each, our background', ...clinc, background },
  { name: 'CLINC150, 10 each, its own background', ...clinc, background: clincBackground },
  holdBack('CLINC150, 10 each, near', clinc10, clincVal, background),
  { name: 'HWU64, 10 each, our background', ...hwu, background },
  holdBack('HWU64, 10 each, near', hwuTrain, hwuValid, background),
  holdBack('DSTC11 insurance, 8 each, near', insurance8, insuranceRest, background),
];
if (values.full) {
  trials.push({
    name: 'CLINC150, all, its own background',
    ...clinc,
    train: clincTrain,
    background: clincBackground,
  });
}
process.stdout.write(`encoder ${encoder.revision}\n`);
const table = trials.map((trial) => {
  process.stderr.write(`${trial.name}\n`);
  return run(trial);
});
const columns = Object.keys(table[0]!);
process.stdout.write(`| ${columns.join(' | ')} |\n|${columns.map(() => '---').join('|')}|\n`);
for (const row of table) process.stdout.write(`| ${columns.map((column) => row[column]).join(' | ')} |\n`);
await encoder.close();
