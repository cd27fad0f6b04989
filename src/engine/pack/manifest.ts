/**
 * A model pack: a folder with `manifest.json`, the weights, an ONNX graph over the same weights, and the tokenizer
 * (`docs/model-pack.md`). Nothing of it is used before its size and SHA-256 agree with the manifest, and what was
 * verified is what is used: every file is read once.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const MANIFEST_FILE = 'manifest.json';
const MANIFEST_BYTES_MAX = 65_536;
const PACK_FILE_BYTES_MAX = 2_147_483_647;
const HEADS_MAX = 64;
const LABELS_MAX = 4_096;
/** The files of a pack, by the role that each plays. */
const ROLES = ['weights', 'graph', 'tokenizer', 'tokenizer_config'] as const;
type Role = (typeof ROLES)[number];

/** A file of a pack, in the pack's own folder. */
export interface PackFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The architecture, as `docs/model-pack.md` explains it and the native engine takes it. */
export interface EncoderConfig {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  /** Most tokens of one text, special tokens counted. */
  readonly positions_max: number;
  /** Where layers normalise: after adding (BERT, RoBERTa), or before each block (ModernBERT). */
  readonly norm: 'post' | 'pre';
  readonly activation: 'gelu' | 'geglu';
  readonly positions: 'learned' | 'rotary';
  readonly norm_epsilon: number;
  /** 0 where positions are learned. */
  readonly rope_theta_global: number;
  readonly rope_theta_local: number;
  /** A token attends to those at most this far away; 0: to all, in every layer. */
  readonly local_window: number;
  /** Every layer whose number divides by this attends to all tokens all the same. */
  readonly global_every: number;
}

/** What `manifest.json` says, as far as an engine needs it; what else is there is for people to read. */
export interface Manifest {
  readonly name: string;
  readonly files: Readonly<Record<Role, PackFile>>;
  /** Length of a vector. */
  readonly dimensions: number;
  /** Most tokens the model reads at once, special tokens counted. */
  readonly tokens_max: number;
  /** How token vectors become one: their mean, or the first token's. */
  readonly pooling: 'mean' | 'cls';
  readonly normalize: true;
  readonly encoder: EncoderConfig;
  /** May be empty. */
  readonly heads: readonly HeadConfig[];
  /** What was learned on this encoder's vectors, by name; may be missing. See `learned.ts`. */
  readonly learned?: Readonly<Record<string, PackFile>>;
}

/** Logits that come with the vectors: of a whole text, or of each of its tokens. */
export interface HeadConfig {
  readonly name: string;
  readonly kind: 'sentence' | 'token';
  readonly labels: readonly string[];
}

/** A pack, read and verified. */
export interface ModelPack {
  readonly manifest: Manifest;
  /** First 12 hex digits of a SHA-256 over the digests of all files, and over what is done with them. */
  readonly revision: string;
  /** A safetensors file. */
  readonly weights: Uint8Array;
  /** An ONNX model whose weights are external data in the file `weights`. */
  readonly graph: Uint8Array;
  /** Hugging Face's `tokenizer.json` and `tokenizer_config.json`. */
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
}

/** A model pack is missing, incomplete or not what its manifest says. */
export class ModelPackError extends Error {
  constructor(folder: string, problem: string, cause?: unknown) {
    super(`The model pack ${folder} cannot be used: ${problem}`, { cause });
    this.name = 'ModelPackError';
  }
}

/** Reads a pack and verifies every file of it. @throws ModelPackError */
export async function loadModelPack(folder: string): Promise<ModelPack> {
  const manifest = await readManifest(folder);
  const { files } = manifest;
  const [weights, graph, tokenizer, tokenizerConfig] = await Promise.all([
    readVerified(folder, files.weights),
    readVerified(folder, files.graph),
    readVerified(folder, files.tokenizer),
    readVerified(folder, files.tokenizer_config),
  ]);
  return {
    manifest,
    revision: revisionOf(manifest),
    weights,
    graph,
    tokenizer: parseObject(folder, files.tokenizer.path, tokenizer),
    tokenizerConfig: parseObject(folder, files.tokenizer_config.path, tokenizerConfig),
  };
}

/** @throws ModelPackError */
export async function readManifest(folder: string): Promise<Manifest> {
  return parseManifest(folder, await readManifestObject(folder));
}

async function readManifestObject(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, MANIFEST_FILE);
  try {
    const { size } = await stat(path);
    if (size > MANIFEST_BYTES_MAX) throw new RangeError(`more than ${MANIFEST_BYTES_MAX} bytes`);
    return { ...parseObject(folder, MANIFEST_FILE, await readFile(path)) };
  } catch (cause) {
    if (cause instanceof ModelPackError) throw cause;
    throw new ModelPackError(folder, `${MANIFEST_FILE} cannot be read.`, cause);
  }
}

function parseManifest(folder: string, raw: Record<string, unknown>): Manifest {
  const problems: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  check(typeof raw.name === 'string' && raw.name !== '', '`name` must be a text');
  check(isWhole(raw.dimensions, 1, 65_536), '`dimensions` must be a whole number from 1 to 65536');
  check(isWhole(raw.tokens_max, 3, 65_536), '`tokens_max` must be a whole number from 3 to 65536');
  check(raw.pooling === 'mean' || raw.pooling === 'cls', '`pooling` must be "mean" or "cls"');
  check(raw.normalize === true, '`normalize` must be true');
  const encoder = isObject(raw.encoder) ? raw.encoder : {};
  for (const [field, isUsable] of Object.entries(ENCODER_FIELDS)) {
    check(isUsable(encoder[field]), `\`encoder.${field}\` must be there, and of its type`);
  }
  check(encoder.hidden === raw.dimensions, '`encoder.hidden` must be `dimensions`');
  check(
    Number(encoder.positions_max) >= Number(raw.tokens_max),
    '`tokens_max` must be `positions_max` at most',
  );
  check(
    Array.isArray(raw.heads) && raw.heads.length <= HEADS_MAX && raw.heads.every(isHead),
    '`heads` must be a list of `name`, `kind` and `labels`',
  );
  const files = isObject(raw.files) ? raw.files : {};
  for (const role of ROLES) {
    check(
      isPackFile(files[role]),
      `\`files.${role}\` must have \`path\` (a plain file name), \`bytes\` and \`sha256\``,
    );
  }
  const learned = raw.learned ?? {};
  check(
    isObject(learned) && Object.values(learned).every(isPackFile),
    '`learned` must have files with `path`, `bytes` and `sha256`',
  );
  if (problems.length > 0) throw new ModelPackError(folder, `in ${MANIFEST_FILE}, ${problems.join('; ')}.`);
  return raw as unknown as Manifest;
}

/** The same weights with another tokenizer or pooling give other vectors: everything counts. */
export function revisionOf({ files, encoder, pooling, heads, tokens_max }: Manifest): string {
  const digests = ROLES.map((role) => files[role].sha256);
  const made = JSON.stringify([digests, encoder, pooling, heads, tokens_max]);
  return createHash('sha256').update(made).digest('hex').slice(0, 12);
}

/** @throws ModelPackError */
export async function readVerified(folder: string, { path, bytes, sha256 }: PackFile): Promise<Uint8Array> {
  let content: Uint8Array;
  try {
    const { size } = await stat(join(folder, path));
    if (size !== bytes) throw new RangeError(`${size} bytes`);
    content = await readFile(join(folder, path));
  } catch (cause) {
    const problem =
      cause instanceof RangeError ? `has not the ${bytes} bytes of the manifest` : 'cannot be read';
    throw new ModelPackError(folder, `${path} ${problem}.`, cause);
  }
  if (createHash('sha256').update(content).digest('hex') !== sha256) {
    throw new ModelPackError(folder, `${path} is not the file that the manifest names (SHA-256 differs).`);
  }
  return content;
}

export function parseObject(folder: string, path: string, content: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content));
    if (isObject(value)) return value;
  } catch (cause) {
    throw new ModelPackError(folder, `${path} is no valid JSON.`, cause);
  }
  throw new ModelPackError(folder, `${path} must hold a JSON object.`);
}

/** What a field of `encoder` may be; the engine checks bounds, and how the fields fit together. */
const isCount = (value: unknown): boolean => isWhole(value, 0, 2_147_483_647);
const isAmount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isOneOf =
  (...words: readonly unknown[]) =>
  (value: unknown): boolean =>
    words.includes(value);
const ENCODER_FIELDS: Readonly<Record<keyof EncoderConfig, (value: unknown) => boolean>> = {
  layers: isCount,
  hidden: isCount,
  heads: isCount,
  intermediate: isCount,
  vocabulary: isCount,
  positions_max: isCount,
  norm: isOneOf('post', 'pre'),
  activation: isOneOf('gelu', 'geglu'),
  positions: isOneOf('learned', 'rotary'),
  norm_epsilon: isAmount,
  rope_theta_global: isAmount,
  rope_theta_local: isAmount,
  local_window: isCount,
  global_every: isCount,
};

function isHead(value: unknown): value is HeadConfig {
  if (!isObject(value)) return false;
  const { name, kind, labels } = value;
  return (
    typeof name === 'string' &&
    /^[a-z][a-z0-9_-]{0,31}$/.test(name) &&
    (kind === 'sentence' || kind === 'token') &&
    Array.isArray(labels) &&
    isWhole(labels.length, 1, LABELS_MAX) &&
    labels.every((label) => typeof label === 'string' && label !== '')
  );
}

export function isPackFile(value: unknown): value is PackFile {
  if (!isObject(value)) return false;
  const { path, bytes, sha256 } = value;
  return (
    typeof path === 'string' &&
    /^[\w-][\w.-]*$/.test(path) &&
    isWhole(bytes, 1, PACK_FILE_BYTES_MAX) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

export function isWhole(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
