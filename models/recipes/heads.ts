/**
 * Learns the heads that ship in a model pack on its encoder's vectors, tells how they do on what they had not seen, and
 * writes them into the pack and its manifest. Two runs on one machine write the same bytes.
 *
 *   npm run heads:make -- --data FOLDER [--model FOLDER] [--only injection|difficulty|urgency]
 *                         [--report FILE.json] [--dry]
 *
 * `--data` is a folder of the public sets (`HEADS.md`); those that are missing are left out. `--dry` writes nothing into the
 * pack.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { difficultyToFile } from '../../src/classify/difficulty/difficulty-head.ts';
import { injectionToFile } from '../../src/classify/injection/injection-file.ts';
import { digestOfLabels } from '../../src/classify/labels/label-set.ts';
import { readLabels } from '../../src/classify/labels/labels.ts';
import { urgencyToFile } from '../../src/classify/urgency/urgency-file.ts';
import { createEncoder } from '../../src/engine/create-encoder.ts';
import { MANIFEST_FILE } from '../../src/engine/pack/manifest.ts';
import { createRememberingEncoder } from '../../src/engine/remembering-encoder.ts';
import { readSettings } from '../../src/settings.ts';
import { learnDifficulty } from './difficulty/learn.ts';
import { difficultyReport } from './difficulty/report.ts';
import { difficultyRows } from './difficulty/rows.ts';
import { judgeHeldOut, learnInjection, prepare } from './injection/learn.ts';
import { injectionReport } from './injection/report.ts';
import { injectionRows, readIdeas } from './injection/rows.ts';
import { learnUrgency } from './urgency/learn.ts';
import { readTickets, urgencyReport } from './urgency/report.ts';
import { urgencyRows } from './urgency/rows.ts';

const settings = readSettings({});
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', default: settings.TIERGATE_MODEL },
    cache: {
      type: 'string',
      default: fileURLToPath(new URL('../../node_modules/.cache/heads', import.meta.url)),
    },
    only: { type: 'string' },
    report: { type: 'string' },
    dry: { type: 'boolean', default: false },
  },
});

const data = options.data;
if (data === undefined) throw new Error('--data must name the folder of the public sets.');
const figures: Record<string, unknown> = {};
const tell = (sentence: string): void => void process.stderr.write(sentence);
const inner = await createEncoder({
  modelFolder: options.model,
  queueMax: 64,
  threads: availableParallelism(),
  kernel: '',
  trialsFile: null,
  warn: (sentence) => tell(`${sentence}\n`),
});
const encoder = await createRememberingEncoder(inner, options.cache);

const wants = (name: string): boolean => options.only === undefined || options.only === name;
const { difficulty: labels, urgency: urgencyLabels } = await readLabels(settings.TIERGATE_LABELS);
if (wants('urgency')) await makeUrgency();
const rows = wants('injection') ? injectionRows(data) : [];
const questions = wants('difficulty') ? difficultyRows(data, labels) : [];
const vectors = await embed([...rows, ...questions].map(({ text }) => text));
// What is not asked for is not kept: a run for one head would cost the others their vectors.
if (options.only === undefined) await encoder.keep();
await encoder.close();

if (questions.length > 0) makeDifficulty();
if (wants('injection')) makeInjection();
if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(figures, null, 1)}\n`);

async function makeUrgency(): Promise<void> {
  const messages = urgencyRows(urgencyLabels);
  const tickets = readTickets();
  const embedded = await embed([...messages, ...tickets].map(({ text }) => text));
  tell('Learning urgency\n');
  const lesson = learnUrgency(messages, embedded.slice(0, messages.length), urgencyLabels);
  writeIntoPack('urgency', urgencyToFile(lesson.head, encoder.revision));
  const report = urgencyReport(lesson, tickets, embedded.slice(messages.length));
  process.stdout.write(report.text);
  figures.urgency = report.figures;
}

function makeDifficulty(): void {
  tell('Learning difficulty\n');
  const lesson = learnDifficulty(questions, vectors.slice(rows.length));
  const head = { ...lesson.head, labels: digestOfLabels(labels) };
  writeIntoPack('difficulty', difficultyToFile(head, encoder.revision));
  const report = difficultyReport(questions, lesson.heldOut);
  process.stdout.write(report.text);
  figures.difficulty = report.figures;
}

function makeInjection(): void {
  tell('Reading letters\n');
  const ideas = readIdeas();
  const prepared = prepare(rows, vectors.slice(0, rows.length), ideas);
  tell('Judging families that were held out\n');
  const heldOut = judgeHeldOut(prepared, ({ group }) => group);
  writeIntoPack('injection', injectionToFile(learnInjection(prepared, heldOut, ideas), encoder.revision));
  tell('Judging languages that were held out\n');
  const byLanguage = judgeHeldOut(prepared, ({ language, group }) => (language === 'en' ? group : language));
  const report = injectionReport(heldOut, byLanguage);
  process.stdout.write(report.text);
  figures.injection = report.figures;
}

async function embed(texts: readonly string[]): Promise<Float32Array[]> {
  let shown = 0;
  const embeddings = await encoder.embedAll(texts, (done) => {
    if (done - shown < 100 && done < texts.length) return;
    shown = done;
    tell(`\rEmbedding ${done} of ${texts.length}`);
  });
  tell('\n');
  return embeddings.map(({ vector }) => vector);
}

/** Writes a head's file, and its digest into the manifest. */
function writeIntoPack(name: string, content: string): void {
  if (options.dry) return;
  const file = `${name}.json`;
  writeFileSync(join(options.model, file), content);
  const path = join(options.model, MANIFEST_FILE);
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const sha256 = createHash('sha256').update(content).digest('hex');
  const entry = { path: file, bytes: Buffer.byteLength(content), sha256 };
  writeFileSync(
    path,
    `${JSON.stringify({ ...manifest, learned: { ...manifest.learned, [name]: entry } }, null, 2)}\n`,
  );
}
