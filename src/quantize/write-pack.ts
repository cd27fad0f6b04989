/** Writes a model pack: weights, graph, tokenizer, and the manifest that says what they are. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../engine/pack/manifest.ts';
import { GRAPH_FILE, packFiles, WEIGHTS_FILE } from './pack-files.ts';
import type { QuantizedModel } from './quantize-model.ts';

/** What only whoever quantizes can know. */
export interface PackDescription {
  readonly name: string;
  readonly pooling: 'mean' | 'cls';
  /** Fields for people to read: `base_model`, `licence`, `source` … */
  readonly about: Readonly<Record<string, unknown>>;
  readonly tokenizer: Uint8Array;
  readonly tokenizerConfig: Uint8Array;
}

/** Texts longer than this are read in windows, however much longer the model could read at once. Tokens. */
export const TOKENS_MAX = 512;

/** The same model always gives the same bytes. @returns bytes of all files together */
export function writePack(folder: string, model: QuantizedModel, description: PackDescription): number {
  const { name, pooling, about, tokenizer, tokenizerConfig } = description;
  const { weights, graph } = packFiles(model);
  const contents = {
    weights: { path: WEIGHTS_FILE, content: weights },
    graph: { path: GRAPH_FILE, content: graph },
    tokenizer: { path: 'tokenizer.json', content: tokenizer },
    tokenizer_config: { path: 'tokenizer_config.json', content: tokenizerConfig },
  };
  const { config } = model.original;
  mkdirSync(folder, { recursive: true });
  const files = Object.entries(contents).map(([role, { path, content }]) => {
    writeFileSync(join(folder, path), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return [role, { path, bytes: content.length, sha256 }];
  });
  const manifest = {
    name,
    ...about,
    dimensions: config.hidden,
    tokens_max: Math.min(TOKENS_MAX, config.positions_max),
    pooling,
    normalize: true,
    encoder: config,
    heads: [],
    files: Object.fromEntries(files),
  };
  writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return Object.values(contents).reduce((sum, { content }) => sum + content.length, 0);
}
