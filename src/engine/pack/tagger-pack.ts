/**
 * The tagger of a model pack: `names.json`, which the manifest names under `learned`, and the files that it names itself. Its
 * word table is the encoder's.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readLearned } from './learned.ts';
import {
  type EncoderConfig,
  isObject,
  isPackFile,
  isWhole,
  loadModelPack,
  ModelPackError,
  type PackFile,
  readVerified,
} from './manifest.ts';
import { type PackTensor, readSafetensors } from './safetensors.ts';

export const TAGGER = 'names';
/** Of a word's piece with its features, and of a window. */
const FEATURES_MAX = 256;
const LABELS_MAX = 256;

export interface TaggerPack {
  readonly labels: readonly string[];
  /** Distinct features that a word can have. */
  readonly features: number;
  readonly lists: Readonly<Record<string, ReadonlySet<string>>>;
  readonly config: EncoderConfig;
  /** The encoder's word table, and all of the tagger's own. */
  readonly tensors: readonly PackTensor[];
  readonly tokenizer: object;
  readonly tokensMax: number;
  readonly revision: string;
  /** An ONNX graph over the same bytes; its external data lie beside it. */
  readonly graphFile: string;
}

/** The tagger of a pack, or null if the pack has none. @throws ModelPackError */
export async function readTaggerPack(folder: string): Promise<TaggerPack | null> {
  const learned = await readLearned(folder, TAGGER);
  if (learned === null) return null;
  const { labels, features, layers, tokens_max: tokensMax, lists, weights, graph } = learned.content;
  const problems: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  check(
    isTexts(labels) && labels.length <= LABELS_MAX && labels[0] === 'O',
    '`labels` must be texts, the first `O`',
  );
  check(isWhole(features, 1, FEATURES_MAX), `\`features\` must be a whole number up to ${FEATURES_MAX}`);
  check(isWhole(layers, 1, 128), '`layers` must be a whole number');
  check(
    isObject(lists) && Object.values(lists).every((list) => typeof list === 'string'),
    '`lists` must be texts',
  );
  check(isPackFile(weights) && isPackFile(graph), '`weights` and `graph` must be files');
  if (problems.length > 0) throw new ModelPackError(folder, `in ${TAGGER}.json, ${problems.join('; ')}.`);
  const pack = await loadModelPack(folder);
  check(
    isWhole(tokensMax, 4, pack.manifest.encoder.positions_max),
    '`tokens_max` must be one that the encoder reads',
  );
  if (problems.length > 0) throw new ModelPackError(folder, `in ${TAGGER}.json, ${problems.join('; ')}.`);
  const own = await readVerified(folder, weights as PackFile);
  await readVerified(folder, graph as PackFile);
  try {
    return {
      labels: labels as string[],
      features: features as number,
      lists: wordsOf(lists as Record<string, string>),
      config: { ...pack.manifest.encoder, layers: layers as number, positions_max: tokensMax as number },
      tensors: [
        ...readSafetensors(pack.weights).filter(({ name }) => name.startsWith('embeddings.word.')),
        ...readSafetensors(own),
      ],
      tokenizer: pack.tokenizer,
      tokensMax: tokensMax as number,
      revision: createHash('sha256').update(learned.sha256).digest('hex').slice(0, 12),
      graphFile: join(folder, (graph as PackFile).path),
    };
  } catch (cause) {
    throw new ModelPackError(folder, `${(weights as PackFile).path}: ${(cause as Error).message}.`, cause);
  }
}

const wordsOf = (lists: Readonly<Record<string, string>>): TaggerPack['lists'] =>
  Object.fromEntries(Object.entries(lists).map(([name, words]) => [name, new Set(words.split(' '))]));

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');
