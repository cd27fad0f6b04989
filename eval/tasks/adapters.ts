/**
 * Adapters: what `tiergate train --adapter` wins on messages that it has not seen, and whether it said so itself. For sets
 * large enough for one, from ten examples of each intent.
 */
import { availableParallelism } from 'node:os';
import { judgeIntent, learnIntentOpenly, type Seen } from '../../src/classify/intent/intent.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { readAdapterSource } from '../../src/train/adapter/adapter-source.ts';
import { learnAdapted } from '../../src/train/adapter/learn-adapted.ts';
import { type AdapterTrial, compareHeldOut } from '../../src/train/adapter/trial.ts';
import { auroc } from '../measures/ranking.ts';
import { type Interval, wilson } from '../measures/spread.ts';
import { drawExamples } from '../reading/draws.ts';
import type { IntentSet, Message } from '../reading/intent-sets.ts';
import { type Run, tested } from './run.ts';

const SHOTS = 10;
/** With fewer, none is worth the minutes. */
const EXAMPLES_MIN = 500;

/** How the head alone, or with an adapter, does on test messages. */
export interface AdapterSide {
  readonly accuracy: number;
  readonly interval: Interval;
  /** Of `in_scope`, known messages against the set's far strangers; null: it has none. */
  readonly far: number | null;
}

export interface AdapterFigures {
  readonly set: string;
  readonly examples: number;
  readonly tested: number;
  readonly plain: AdapterSide;
  readonly adapted: AdapterSide;
  /** What the training itself found, on what it held out. */
  readonly trial: AdapterTrial;
}

/** Null: the set is too small, or the encoder's engine runs no adapters. */
export async function measureAdapters(run: Run, set: IntentSet): Promise<AdapterFigures | null> {
  const { encoder, folder } = run.contestant;
  const examples = drawExamples(set, SHOTS, 0);
  if (examples.length < EXAMPLES_MIN || folder === null || encoder.withAdapter === undefined) return null;
  const names = [...new Set(examples.flatMap(({ intents }) => intents))];
  const labels = examples.map(({ intents: [intent = ''] }) => names.indexOf(intent));
  const known = tested(run, set.test, `${set.name} test`);
  const strangers = tested(run, set.strangersTest, `${set.name} strangers`);
  const [texts, outOfScope] = [examples, set.strangersTrain].map((rows) => rows.map(({ text }) => text)) as [
    string[],
    string[],
  ];
  const seen: Seen = {
    vectors: await vectorsOf(encoder, texts),
    outOfScope: await vectorsOf(encoder, outOfScope),
  };
  const plain = learnIntentOpenly(seen, labels, names.length);
  const threads = availableParallelism();
  const native = { kernel: '', trialsFile: null };
  const show = run.progress(`learning adapters for ${set.name}`, 100);
  const adapted = await learnAdapted({
    encoder,
    source: await readAdapterSource(texts, { modelFolder: folder, native, threads }),
    texts,
    labels,
    intentCount: names.length,
    outOfScope,
    threads,
    onFit: (done, total) => show(Math.floor((99 * done) / total)),
    onEmbed: () => undefined,
  });
  show(100);
  const sideOf = async (by: Encoder, intent: typeof plain.intent): Promise<AdapterSide> => {
    const judge = async (rows: readonly Message[]) =>
      (
        await vectorsOf(
          by,
          rows.map(({ text }) => text),
        )
      ).map((vector) => judgeIntent(intent, vector));
    const judged = await judge(known);
    const right = judged.filter(({ label }, i) => known[i]?.intents.includes(names[label] ?? '')).length;
    const strange = await judge(strangers);
    const scores = (all: typeof judged): number[] => all.map(({ inScope }) => inScope);
    const far = strange.length === 0 ? null : auroc(scores(judged), scores(strange));
    return { accuracy: right / known.length, interval: wilson(right, known.length), far };
  };
  return {
    set: set.name,
    examples: examples.length,
    tested: known.length,
    plain: await sideOf(encoder, plain.intent),
    adapted: await sideOf(encoder.withAdapter(adapted.adapter), adapted.intent),
    trial: compareHeldOut(labels, plain.heldOut(), adapted.heldOut()),
  };
}

async function vectorsOf(encoder: Encoder, texts: readonly string[]): Promise<Float32Array[]> {
  return (await encoder.embedAll(texts)).map(({ vector }) => vector);
}
