/**
 * Learns an organisation's intents from its examples, and says how good they will be. Writes a folder that `classify`
 * and the server load at once: the head without the messages, and a report.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HeldOutIntents, type IntentHead, learnIntentOpenly } from '../classify/intent/intent.ts';
import { TRAINED_FILE, writeTrainedIntent } from '../classify/intent/trained-intent.ts';
import type { AdapterTensors, Encoder } from '../engine/encoder.ts';
import {
  type AdapterSource,
  type AdapterSourceOptions,
  readAdapterSource,
} from './adapter/adapter-source.ts';
import { learnAdapted } from './adapter/learn-adapted.ts';
import { compareHeldOut } from './adapter/trial.ts';
import { readTrainingSet, type TrainingSet } from './examples.ts';
import { findMisfits, sortPairs } from './findings.ts';
import { findNearPairs, type NearPair } from './near-duplicates.ts';
import { makeReport } from './report.ts';
import { reportHtml } from './report-html.ts';
import type { TrainReport } from './report-shape.ts';

/** The kind of messages that have no intent, where texts of all kinds are compared. */
const OUTSIDE_KIND = -1;

const TOO_FEW_OUTSIDE = 'So few out-of-scope messages teach nothing, and were not counted: add some dozens.';

export type TrainStep = 'embed' | 'learn' | 'adapt' | 'compare';

export interface TrainOptions {
  /** The file of examples. */
  readonly examples: string;
  /** A file of messages that belong to no intent. */
  readonly outOfScope?: string | undefined;
  /** The folder to write. */
  readonly out: string;
  /** Whether the report may quote messages; otherwise it says in which line they stand. */
  readonly isQuoting: boolean;
  /** Learns an adapter, too, and keeps it if the intents are better for it; none: the head alone is learned. */
  readonly adapter?: AdapterSourceOptions | undefined;
  /** Called once the examples are known to be usable. */
  readonly openEncoder: () => Promise<Encoder>;
  readonly onStep: (step: TrainStep, done: number, total: number) => void;
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
  const examples = set.examples.map(({ text }) => text);
  const source = options.adapter && (await readAdapterSource(examples, options.adapter));
  const encoder = await options.openEncoder();
  try {
    const embeddings = await encoder.embedAll(texts, (done) => onStep('embed', done, texts.length));
    const all = embeddings.map(({ vector }) => vector);
    const vectors = all.slice(0, labels.length);
    onStep('learn', 0, 1);
    const seen = { vectors, outOfScope: all.slice(labels.length) };
    const plain: Learned = { ...learnIntentOpenly(seen, labels, set.names.length), adapter: null };
    const pairs = sortPairs(nearPairs, kinds);
    const plainHeldOut = withoutTwins(plain.heldOut(), pairs.repetitions);
    onStep('learn', 1, 1);
    const adapted = source === undefined ? null : await adapt(options, encoder, set, source);
    const adaptedHeldOut = adapted && withoutTwins(adapted.heldOut(), pairs.repetitions);
    const trial = adaptedHeldOut && compareHeldOut(labels, plainHeldOut, adaptedHeldOut);
    const chosen = adapted !== null && trial?.isKept ? adapted : plain;
    const heldOut = (chosen === adapted && adaptedHeldOut) || plainHeldOut;
    const report = makeReport({
      set,
      encoder: encoder.revision,
      heldOut,
      pairs,
      // By vectors that have learned nothing: an adapter makes what was mislabelled look right.
      misfits: findMisfits(vectors, labels, plainHeldOut.examples),
      adapter: trial,
      isQuoting,
    });
    await write(out, report, chosen, { names: set.names, encoder });
    const isUnheard = set.outOfScope.length > 0 && heldOut.outOfScope.length === 0;
    return { report, warnings: isUnheard ? [TOO_FEW_OUTSIDE, ...set.warnings] : set.warnings };
  } finally {
    await encoder.close();
  }
}

/** Intents, and the adapter that they were learned on. */
interface Learned {
  readonly intent: IntentHead;
  readonly heldOut: () => HeldOutIntents;
  readonly adapter: AdapterTensors | null;
}

function adapt(
  { adapter, onStep }: TrainOptions,
  encoder: Encoder,
  set: TrainingSet,
  source: AdapterSource,
): Promise<Learned> {
  return learnAdapted({
    encoder,
    source,
    texts: set.examples.map(({ text }) => text),
    labels: set.examples.map(({ label }) => label),
    intentCount: set.names.length,
    outOfScope: set.outOfScope.map(({ text }) => text),
    threads: adapter?.threads ?? 1,
    onFit: (done, total) => onStep('adapt', done, total),
    onEmbed: (done, total) => onStep('compare', done, total),
  });
}

async function write(
  out: string,
  report: TrainReport,
  { intent, adapter }: Learned,
  { names, encoder }: { readonly names: readonly string[]; readonly encoder: Encoder },
): Promise<void> {
  const { dimensions, revision } = encoder;
  const trained = { names, head: intent, adapter, encoder: revision, dimensions };
  await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(out, 'report.html'), reportHtml(report));
  await replace(join(out, TRAINED_FILE), writeTrainedIntent(trained));
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
