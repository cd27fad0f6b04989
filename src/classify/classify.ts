/**
 * The classify stage: what a message is about, how urgent and how hard it is, in which language. Learned at start from
 * labels files by the shared encoder. It never throws: whatever goes wrong, the policy's row for "unclassified"
 * decides.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Embedding, type Encoder, EncoderBusy } from '../engine/encoder.ts';
import type { Classification, Unclassified } from '../shapes.ts';
import { type JudgeDifficulty, learnDifficulty } from './difficulty/difficulty.ts';
import { createJudgeDifficulty } from './difficulty/difficulty-head.ts';
import { createJudgeInjection, type JudgeInjection } from './injection/injection.ts';
import { type IntentHead, judgeIntent, learnIntent } from './intent/intent.ts';
import type { TrainedIntent } from './intent/trained-intent.ts';
import type { TrainedSets } from './intent/trained-sets.ts';
import { digestOfLabels, type LabelSet } from './labels/label-set.ts';
import type { Labels } from './labels/labels.ts';
import { languageOf } from './language.ts';
import type { PackedHeads } from './packed-heads.ts';
import { createJudgeUrgency, type JudgeUrgency, learnUrgency } from './urgency/urgency.ts';

/** Classifications kept: ticket systems send the same message again. About 500 bytes each. */
const REMEMBERED_MAX = 4096;

export interface Classify {
  /** The names of all intents, whosever they are. */
  readonly intents: readonly string[];
  /** Names the labels and the encoder: the first 12 hex digits of a SHA-256. It changes when a set of intents does. */
  readonly revision: string;
  /** Judges by the intents of the tenant, or by those for everybody. Never throws. */
  readonly classify: (
    text: string,
    signal?: AbortSignal,
    tenant?: string,
  ) => Promise<Classification | Unclassified>;
  /** Many messages, in their order, behind whatever single ones wait. @throws Error when the encoder fails */
  readonly classifyAll: (
    texts: readonly string[],
    tenant?: string,
  ) => Promise<(Classification | Unclassified)[]>;
}

export interface ClassifyOptions {
  readonly encoder: Encoder;
  readonly labels: Labels;
  /** Trained intents that take the place of the labels' own, as they are at the moment. */
  readonly sets?: TrainedSets | undefined;
  /** The heads of the encoder's pack. None: what they tell cannot be told. */
  readonly heads?: PackedHeads | undefined;
  /** Longest wait for an embedding, in milliseconds; then the message is unclassified. */
  readonly waitMsMax: number;
  /** Called while the examples are embedded. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a message can be about. */
type IntentSet = Pick<TrainedIntent, 'names' | 'head' | 'adapter' | 'sha256'>;

interface Judges {
  readonly intent: IntentHead;
  readonly urgency: JudgeUrgency;
  readonly difficulty: JudgeDifficulty;
  readonly injection: JudgeInjection;
}

/**
 * Learns from the labels (a second or two for some hundred examples).
 * @throws Error when the encoder fails, or the intents were trained with another one
 */
export async function createClassify(options: ClassifyOptions): Promise<Classify> {
  const { encoder, labels, waitMsMax, sets } = options;
  const judges = await learn(options);
  const own: IntentSet = {
    names: labels.intent.names,
    head: judges.intent,
    adapter: labels.trained?.adapter ?? null,
    sha256: '',
  };
  const { urgency, difficulty } = labels;
  const examples = shortHash(JSON.stringify(labels.intent));
  const others = shortHash(
    JSON.stringify([
      urgency,
      difficulty,
      encoder.revision,
      options.heads?.injection?.sha256,
      options.heads?.difficulty?.sha256,
      options.heads?.urgency?.sha256,
    ]),
  );
  const encoderOf = adaptedEncoders(encoder);
  // Keyed by hash: the cache holds no text.
  const remembered = new LRUCache<string, Classification>({ max: REMEMBERED_MAX });
  return {
    get intents() {
      const names = sets?.names() ?? [];
      return sets?.of() === undefined ? [...new Set([...own.names, ...names])] : names;
    },
    get revision() {
      const latest = sets?.of()?.sha256 ?? labels.trained?.sha256 ?? examples;
      return shortHash(JSON.stringify([latest, others, sets?.tenantsRevision() ?? '']));
    },
    async classify(text, signal, tenant) {
      if (!isFilled(text)) return unclassified('empty');
      const set = sets?.of(tenant) ?? own;
      const key = createHash('sha256').update(set.sha256).update('\0').update(text).digest('base64');
      const known = remembered.get(key);
      if (known !== undefined) return known;
      try {
        const [embedding, again] = await embedBoth(encoder, encoderOf(set), text, waitMsMax, signal);
        if (embedding === 'late' || again === 'late') return unclassified('late');
        const classification = judge(judges, set, text, embedding, again?.vector);
        remembered.set(key, classification);
        return classification;
      } catch (error) {
        return unclassified(error instanceof EncoderBusy ? 'busy' : 'failed');
      }
    },
    async classifyAll(texts, tenant) {
      const set = sets?.of(tenant) ?? own;
      const filled = texts.filter(isFilled);
      const adapted = encoderOf(set);
      const embeddings = (await encoder.embedAll(filled)).values();
      const again = (adapted === encoder ? [] : await adapted.embedAll(filled)).values();
      return texts.map((text) => {
        const embedding = isFilled(text) ? embeddings.next().value : undefined;
        if (embedding === undefined) return unclassified('empty');
        return judge(judges, set, text, embedding, again.next().value?.vector);
      });
    },
  };
}

async function learn({ encoder, labels, heads, onProgress }: ClassifyOptions): Promise<Judges> {
  const { intent, trained, urgency, difficulty } = labels;
  if (trained !== undefined && trained.encoder !== encoder.revision) {
    const which = `for the encoder ${trained.encoder}, and this one is ${encoder.revision}`;
    throw new Error(`The intents were trained ${which}. Train them again: tiergate train.`);
  }
  // The pack's heads have learned from the shipped labels, too. Whoever gives others means them to count.
  const difficultyHead = packedFor(difficulty, heads?.difficulty?.head);
  const urgencyHead = packedFor(urgency, heads?.urgency?.head);
  const sets = [
    intent,
    ...(urgencyHead === undefined ? [urgency] : []),
    ...(difficultyHead === undefined ? [difficulty] : []),
  ];
  const total = sets.reduce((sum, { examples, outOfScope }) => sum + examples.length + outOfScope.length, 0);
  let embedded = 0;
  const embed = async (texts: readonly string[]): Promise<Float32Array[]> => {
    const embeddings = await encoder.embedAll(texts, (done) => onProgress?.(embedded + done, total));
    embedded += texts.length;
    return embeddings.map(({ vector }) => vector);
  };
  const embedExamples = (set: LabelSet): Promise<Float32Array[]> =>
    embed(set.examples.map(({ text }) => text));
  const numbers = (set: LabelSet): number[] => set.examples.map(({ label }) => label);
  const texts = difficulty.examples.map(({ text }) => text);
  return {
    intent:
      trained?.head ??
      learnIntent(
        await embedExamples(intent),
        numbers(intent),
        intent.names.length,
        await embed(intent.outOfScope),
      ),
    urgency:
      urgencyHead === undefined
        ? learnUrgency(await embedExamples(urgency), numbers(urgency))
        : createJudgeUrgency(urgencyHead),
    difficulty:
      difficultyHead === undefined
        ? learnDifficulty(await embedExamples(difficulty), texts, numbers(difficulty))
        : createJudgeDifficulty(difficultyHead),
    injection: heads?.injection ? createJudgeInjection(heads.injection.head) : () => null,
  };
}

/** The encoder that a set of intents is judged by. What is adapted for a set goes when the set does. */
function adaptedEncoders(encoder: Encoder): (set: IntentSet) => Encoder {
  const known = new WeakMap<IntentSet, Encoder>();
  return (set) => {
    if (set.adapter === null) return encoder;
    const found = known.get(set) ?? encoder.withAdapter?.(set.adapter);
    if (found === undefined)
      throw new Error(`The intents have an adapter, which ${encoder.engine} cannot run.`);
    known.set(set, found);
    return found;
  };
}

function packedFor<H extends { readonly labels: string }>(labels: LabelSet, head?: H): H | undefined {
  return head?.labels === digestOfLabels(labels) ? head : undefined;
}

/** By the encoder as it is, which all but the intent is judged by; and as it is adapted, if the intents are (else null). */
async function embedBoth(
  encoder: Encoder,
  adapted: Encoder,
  text: string,
  waitMsMax: number,
  signal: AbortSignal | undefined,
): Promise<[Embedding | 'late', Embedding | 'late' | null]> {
  if (adapted === encoder) return [await embedInTime(encoder, text, waitMsMax, signal), null];
  // If one of the two fails, nobody wants the other.
  const failed = new AbortController();
  const either = AbortSignal.any(signal === undefined ? [failed.signal] : [signal, failed.signal]);
  try {
    return await Promise.all([
      embedInTime(encoder, text, waitMsMax, either),
      embedInTime(adapted, text, waitMsMax, either),
    ]);
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/** The embedding, or `late`. Also holds its time against an encoder that does not heed the signal. */
async function embedInTime(
  encoder: Encoder,
  text: string,
  waitMsMax: number,
  signal: AbortSignal | undefined,
): Promise<Embedding | 'late'> {
  signal?.throwIfAborted();
  const giveUp = new AbortController();
  const { promise: ended, resolve, reject } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => {
    resolve('late');
    giveUp.abort();
  }, waitMsMax);
  const onAbort = (): void => {
    reject(signal?.reason);
    giveUp.abort();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([ended, encoder.embed(text, giveUp.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function judge(
  judges: Judges,
  { names, head }: IntentSet,
  text: string,
  embedding: Embedding,
  ownVector = embedding.vector,
): Classification {
  const { vector, tokens, windows, truncated } = embedding;
  const { label, confidence, inScope } = judgeIntent(head, ownVector);
  const { urgency, confidence: urgencyConfidence } = judges.urgency(vector, text);
  return Object.freeze({
    status: 'classified',
    intent: names[label] as string,
    confidence,
    inScope,
    urgency,
    urgencyConfidence,
    difficulty: judges.difficulty(vector, text),
    injection: judges.injection(vector, text),
    language: languageOf(text),
    tokens,
    windows,
    truncated,
  });
}

const isFilled = (text: string): boolean => text.trim() !== '';

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function unclassified(reason: Unclassified['reason']): Unclassified {
  return { status: 'unclassified', reason };
}
