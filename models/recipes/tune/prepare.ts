/**
 * What `tune.py` reads, so that it needs neither ONNX nor a tokenizer: the base model's weights as safetensors under
 * Hugging Face's names, and the messages as token ids, each also in a few noisy forms.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensors } from '../../../src/engine/pack/write-safetensors.ts';
import { createTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts';
import { readOnnx } from '../../../src/quantize/read-onnx.ts';
import { createRandom, noisy } from './noisy-text.ts';
import { readSentences, SOURCES } from './sentences.ts';

/**
 * What is learned from: folders and files below the data folder. Others (HWU64, DSTC11's insurance) are left out on
 * purpose: sets that the encoder has never seen tell whether it is still a general one.
 */
const SETS = {
  clinc150: 'intents/clinc150/train.jsonl',
  bitext: 'intents/bitext/train.jsonl',
  nlupp_hotels: 'intents/nlupp_hotels.jsonl',
  nlupp_banking: 'intents/nlupp_banking.jsonl',
} as const;
/** What the pack's manifest and the tuned model's config.json name: no test of it. */
export const TRAINED_ON: readonly string[] = [...Object.keys(SETS), ...Object.keys(SOURCES)];

const NOISY_FORMS = 3;
const SEED = 12_345;
/** A sentence is known by its forms alone, so it has one more. */
const SENTENCE_FORMS = 4;
const SENTENCES_SEED = 777;
const TOKENS_MAX = 48;
/** An ONNX file also holds constants, and matrices under names that only its graph understands. */
const WEIGHT = /^(embeddings|encoder\.layer)\.[\w.]+$/;

interface Row {
  readonly text: string;
  readonly intent?: string;
  readonly intents?: readonly string[];
}

/**
 * @param source the base model's folder, as Hugging Face lays it out
 * @param data the folder with `intents/`
 * @param out is given `base.safetensors`, `messages.json`, `config.json`, `tokenizer.json`, `tokenizer_config.json`
 */
export function prepare(source: string, data: string, out: string): void {
  const weights = readOnnx(join(source, 'onnx/model.onnx'));
  const names = [...weights.names].filter((name) => WEIGHT.test(name));
  const tensors = names.map((name) => {
    const { shape, data: values } = weights.read(name);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return { name, dtype: 'F32' as const, shape, bytes };
  });
  writeFileSync(join(out, 'base.safetensors'), writeSafetensors(tensors).bytes);
  const tokenizer = createTokenizer(JSON.parse(readFileSync(join(source, 'tokenizer.json'), 'utf8')));
  const idsOf = (text: string): number[] => [
    tokenizer.before,
    ...tokenizer.encode(text).slice(0, TOKENS_MAX - 2),
    tokenizer.after,
  ];
  const random = createRandom(SEED);
  const sets = Object.entries(SETS).map(([name, file]) => {
    const lines = readFileSync(join(data, file), 'utf8').trim().split('\n');
    const messages = lines.map((line) => {
      const { text, intent, intents } = JSON.parse(line) as Row;
      const forms = Array.from({ length: NOISY_FORMS }, () => idsOf(noisy(text, random)));
      return { intents: intents ?? [intent], ids: idsOf(text), noisy: forms };
    });
    return { name, messages };
  });
  writeFileSync(join(out, 'messages.json'), JSON.stringify([...sets, sentenceSet(data, idsOf)]));
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) cpSync(join(source, file), join(out, file));
  const config = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8'));
  writeFileSync(
    join(out, 'config.json'),
    `${JSON.stringify({ ...config, trained_on: TRAINED_ON }, null, 2)}\n`,
  );
}

function sentenceSet(data: string, idsOf: (text: string) => number[]) {
  const random = createRandom(SENTENCES_SEED);
  const messages = readSentences(data, random).map((text, i) => ({
    intents: [`${i}`],
    ids: idsOf(text),
    noisy: Array.from({ length: SENTENCE_FORMS }, () => idsOf(noisy(text, random))),
  }));
  return { name: 'sentences', messages };
}
