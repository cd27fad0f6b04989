/**
 * Learns an organisation's intents from its examples, and says how good they will be. Writes a folder that `classify`
 * and the server load at once: the head without the messages, and a report.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HeldOutIntents, learnIntentOpenly } from '../classify/intent/intent.ts';
import { TRAINED_FILE, writeTrainedIntent } from '../classify/intent/trained-intent.ts';
import type { Encoder } from '../engine/encoder.ts';
import { readTrainingSet } from './examples.ts';
import { findMisfits, sortPairs } from './findings.ts';
import { findNearPairs, type NearPair } from './near-duplicates.ts';
import { makeReport } from './report.ts';
import { reportHtml } from './report-html.ts';
import type { TrainReport } from './report-shape.ts';

/** The kind of messages that have no intent, where texts of all kinds are compared. */
const OUTSIDE_KIND = -1;

const TOO_FEW_OUTSIDE = 'So few out-of-scope messages teach nothing, and were not counted: add some dozens.';

export interface TrainOptions {
  /** The file of examples. */
  readonly examples: string;
  /** A file of messages that belong to no intent. */
  readonly outOfScope?: string | undefined;
  /** The folder to write. */
  readonly out: string;
  /** Whether the report may quote messages; otherwise it says in which line they stand. */
  readonly isQuoting: boolean;
  /** Called once the examples are known to be usable. */
  readonly openEncoder: () => Promise<Encoder>;
  readonly onStep: (step: 'embed' | 'learn', done: number, total: number) => void;
}

export interface Training {
  readonly report: TrainReport;
  readonly warnings: readonly string[];
}

/** @throws LabelsError when the examples cannot be used; Error when the encoder fails or the folder cannot be written */
export async function train(options: TrainOptions): Promise<Training> {
  const { out, isQuoting, onStep } = options;
  const set = await readTrainingSet(options.examples, options.outOfScope);
  const labels = set.examples.map(({ label }) => label);
  const texts = [...set.examples, ...set.outOfScope].map(({ text }) => text);
  const kinds = [...labels, ...set.outOfScope.map(() => OUTSIDE_KIND)];
  const nearPairs = findNearPairs(texts, kinds);
  // What takes a moment goes before what takes seconds, so that a mistake shows at once.
  await mkdir(out, { recursive: true });
  const encoder = await options.openEncoder();
  try {
    const embeddings = await encoder.embedAll(texts, (done) => onStep('embed', done, texts.length));
    const all = embeddings.map(({ vector }) => vector);
    const vectors = all.slice(0, labels.length);
    onStep('learn', 0, 1);
    const learned = learnIntentOpenly(
      { vectors, outOfScope: all.slice(labels.length) },
      labels,
      set.names.length,
    );
    const pairs = sortPairs(nearPairs, kinds);
    const heldOut = withoutTwins(learned.heldOut(), pairs.repetitions);
    onStep('learn', 1, 1);
    const report = makeReport({
      set,
      encoder: encoder.revision,
      heldOut,
      pairs,
      misfits: findMisfits(vectors, labels, heldOut.examples),
      isQuoting,
    });
    const { dimensions, revision } = encoder;
    const head = { names: set.names, head: learned.intent, encoder: revision, dimensions };
    await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(join(out, 'report.html'), reportHtml(report));
    await replace(join(out, TRAINED_FILE), writeTrainedIntent(head));
    const isUnheard = set.outOfScope.length > 0 && heldOut.outOfScope.length === 0;
    return { report, warnings: isUnheard ? [TOO_FEW_OUTSIDE, ...set.warnings] : set.warnings };
  } finally {
    await encoder.close();
  }
}

/** A message whose like was learned is no test; it is one only where there are no others. */
function withoutTwins(heldOut: HeldOutIntents, repetitions: readonly NearPair[]): HeldOutIntents {
  const twins = new Set(repetitions.flatMap(({ first, second }) => [first, second]));
  const examples = heldOut.examples.map((judgement, i) => (twins.has(i) ? null : judgement));
  return examples.some((judgement) => judgement !== null) ? { ...heldOut, examples } : heldOut;
}

/** A server may be reading the file just now: it sees the old one or the new one, never a half. */
async function replace(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, bytes);
  await rename(draft, file);
}
