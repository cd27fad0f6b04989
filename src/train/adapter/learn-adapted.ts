/**
 * Intents on top of an adapted encoder. How good they are is told by folds: each is
 * judged by an adapter and a head that have both not learned from it.
 */
import { foldCount, foldsOf } from '../../classify/head/head.ts';
import {
  type HeldOutIntents,
  type IntentHead,
  learnIntentOpenly,
  type Seen,
} from '../../classify/intent/intent.ts';
import type { AdapterTensors, Encoder } from '../../engine/encoder.ts';
import type { AdapterSource } from './adapter-source.ts';
import { fitAdapters } from './fit-adapters.ts';

const SEED = 1;

export interface AdaptedOptions {
  readonly encoder: Encoder;
  readonly source: AdapterSource;
  readonly texts: readonly string[];
  readonly labels: readonly number[];
  readonly intentCount: number;
  readonly outOfScope: readonly string[];
  /** Adapters that are learned at once. */
  readonly threads: number;
  readonly onFit: (done: number, total: number) => void;
  readonly onEmbed: (done: number, total: number) => void;
}

export interface Adapted {
  readonly adapter: AdapterTensors;
  readonly intent: IntentHead;
  readonly heldOut: () => HeldOutIntents;
}

/** @throws Error when the engine or a thread fails, or the engine takes no adapters */
export async function learnAdapted(options: AdaptedOptions): Promise<Adapted> {
  const { encoder, source, texts, labels, intentCount, outOfScope, threads, onFit, onEmbed } = options;
  const { withAdapter } = encoder;
  // Before it takes minutes.
  if (withAdapter === undefined) throw new Error(`The engine ${encoder.engine} takes no adapters.`);
  const folds = foldsOf(labels);
  const everyone = [...labels.keys()];
  const learnedBy = [
    everyone,
    ...Array.from({ length: foldCount(labels.length) }, (_, fold) =>
      everyone.filter((i) => folds[i] !== fold),
    ),
  ];
  const adapters = await fitAdapters({
    ...source,
    labels,
    classes: intentCount,
    learnedBy,
    seed: SEED,
    threads,
    onStep: onFit,
  });
  const all = [...texts, ...outOfScope];
  const seen: Seen[] = [];
  for (const [number, adapter] of adapters.entries()) {
    const adapted = withAdapter.call(encoder, adapter);
    const embeddings = await adapted.embedAll(all, (done) =>
      onEmbed(number * all.length + done, adapters.length * all.length),
    );
    await adapted.close();
    const vectors = embeddings.map(({ vector }) => vector);
    seen.push({ vectors: vectors.slice(0, texts.length), outOfScope: vectors.slice(texts.length) });
  }
  const [whole, ...parts] = seen as [Seen, ...Seen[]];
  const adapter = adapters[0] as AdapterTensors;
  return { adapter, ...learnIntentOpenly(whole, labels, intentCount, parts) };
}
