/** From Hugging Face's names and `config.json` to the one form of `encoder-model.ts`. */
import { readBert } from './architecture-bert.ts';
import { readModernBert } from './architecture-modernbert.ts';
import type { HuggingFaceConfig } from './architecture-reading.ts';
import { BLOCK, type EncoderModel, LINEARS, linearShape } from './encoder-model.ts';
import type { NamedWeights } from './named-weights.ts';

/** The engine goes through one head's numbers in steps of this many. */
const HEAD_STEP = 16;

const READERS: Readonly<Record<string, (config: HuggingFaceConfig, weights: NamedWeights) => EncoderModel>> =
  {
    bert: readBert,
    roberta: readBert,
    'xlm-roberta': readBert,
    camembert: readBert,
    modernbert: readModernBert,
  };

/** @throws Error naming what is missing, or what about the model is not supported */
export function readEncoder(config: HuggingFaceConfig, weights: NamedWeights): EncoderModel {
  const type = String(config.model_type);
  const read = READERS[type];
  if (read === undefined) {
    const known = Object.keys(READERS).join(', ');
    throw new Error(`config.json says \`model_type\` ${type}; what can be read is ${known}.`);
  }
  const model = read(config, weights);
  const { hidden, heads } = model.config;
  if (hidden % heads !== 0 || (hidden / heads) % HEAD_STEP !== 0) {
    throw new Error(
      `A head must be a multiple of ${HEAD_STEP} wide; here ${hidden} is split among ${heads}.`,
    );
  }
  for (const kind of LINEARS) {
    const [, columns] = linearShape(model.config, kind);
    if (columns % BLOCK !== 0) throw new Error(`The inputs of \`${kind}\` are no multiple of ${BLOCK}.`);
  }
  return model;
}
