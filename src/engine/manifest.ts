/**
 * A model pack: a folder with `manifest.json`, the weights and the tokenizer. Nothing of it is used before its size
 * and SHA-256 agree with the manifest.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const MANIFEST_FILE = 'manifest.json';
const MANIFEST_BYTES_MAX = 65_536;
const PACK_FILE_BYTES_MAX = 2_147_483_647;
/** The files of a pack, by the role that each plays. */
const ROLES = ['model', 'tokenizer', 'tokenizer_config'] as const;
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
  /** How token vectors become one; the only way there is so far. */
  readonly pooling: 'mean';
  readonly normalize: true;
}

/** A pack, read and verified. */
export interface ModelPack {
  readonly manifest: Manifest;
  /** First 12 hex digits of a SHA-256 over the digests of all files. */
  readonly revision: string;
  readonly model: Uint8Array;
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
  const manifest = parseManifest(folder, await readManifest(folder));
  const [model, tokenizer, tokenizerConfig] = await Promise.all(
    ROLES.map((role) => readVerified(folder, manifest.files[role])),
  );
  if (!model || !tokenizer || !tokenizerConfig) throw new ModelPackError(folder, 'a file is missing.');
  return {
    manifest,
    revision: revisionOf(manifest),
    model,
    tokenizer: parseObject(folder, manifest.files.tokenizer.path, tokenizer),
    tokenizerConfig: parseObject(folder, manifest.files.tokenizer_config.path, tokenizerConfig),
  };
}

async function readManifest(folder: string): Promise<Record<string, unknown>> {
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
  check(raw.pooling === 'mean', '`pooling` must be "mean"');
  check(raw.normalize === true, '`normalize` must be true');
  const files = isObject(raw.files) ? raw.files : {};
  for (const role of ROLES) {
    check(
      isPackFile(files[role]),
      `\`files.${role}\` must have \`path\` (a plain file name), \`bytes\` and \`sha256\``,
    );
  }
  if (problems.length > 0) throw new ModelPackError(folder, `in ${MANIFEST_FILE}, ${problems.join('; ')}.`);
  return raw as unknown as Manifest;
}

/** The same weights with another tokenizer give other vectors: every file counts. */
function revisionOf({ files }: Manifest): string {
  const digests = ROLES.map((role) => files[role].sha256);
  return createHash('sha256').update(digests.join()).digest('hex').slice(0, 12);
}

async function readVerified(folder: string, { path, bytes, sha256 }: PackFile): Promise<Uint8Array> {
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

function parseObject(folder: string, path: string, content: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content));
    if (isObject(value)) return value;
  } catch (cause) {
    throw new ModelPackError(folder, `${path} is no valid JSON.`, cause);
  }
  throw new ModelPackError(folder, `${path} must hold a JSON object.`);
}

function isPackFile(value: unknown): value is PackFile {
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

function isWhole(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
