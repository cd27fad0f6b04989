/** `tiergate model quantize`: makes a model pack of a downloaded encoder. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { makePack } from '../quantize/make-pack.ts';
import { SCHEMES, type Scheme } from '../quantize/quantized-linear.ts';
import type { Report } from '../quantize/report.ts';

export const usage =
  'SOURCE --out FOLDER [--scheme int4|int8|ternary] [--int8-share SHARE] [--no-compare] [--calibrate FILE] [--labelled FILE.jsonl] [--name NAME] [--pooling mean|cls] [--threads N]';
export const about =
  'quantizes an encoder (ONNX or safetensors) into a model pack, and reports what was lost';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      out: { type: 'string' },
      scheme: { type: 'string', default: 'int4' },
      'int8-share': { type: 'string', default: '0' },
      compare: { type: 'boolean', default: true },
      calibrate: { type: 'string' },
      labelled: { type: 'string' },
      name: { type: 'string' },
      pooling: { type: 'string' },
      threads: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const [source, ...more] = positionals;
  const { out, scheme, pooling } = values;
  if (source === undefined || out === undefined || more.length > 0) {
    throw new Error(`It is: model quantize ${usage}`);
  }
  if (!isScheme(scheme))
    throw new Error(`--scheme must be ${Object.keys(SCHEMES).join(', ')}; not ${scheme}.`);
  if (pooling !== undefined && pooling !== 'mean' && pooling !== 'cls') {
    throw new Error(`--pooling must be mean or cls; not ${pooling}.`);
  }
  const int8Share = Number(values['int8-share']);
  if (!(int8Share >= 0 && int8Share <= 1)) throw new Error('--int8-share must be from 0 to 1.');
  const threads = Number(values.threads);
  if (!(Number.isInteger(threads) && threads >= 1)) throw new Error('--threads must be 1 or more.');
  const report = await makePack({
    source,
    out,
    scheme,
    int8Share,
    isCompared: values.compare,
    calibrate: values.calibrate,
    labelled: values.labelled,
    name: values.name,
    pooling,
    threads,
  });
  process.stdout.write(`${summary(report)}\nWritten to ${out}; report.html there says more.\n`);
  return 0;
}

/** The table that is shown at the end. */
export function summary({ original, schemes, made }: Report): string {
  const line = (name: string, bytes: number, cosine: string, labelled: Report['original']['labelled']) => {
    const right = labelled === null ? '' : `  right label ${(labelled.accuracy * 100).toFixed(2)} %`;
    const auroc = labelled?.auroc == null ? '' : `  out-of-scope AUROC ${labelled.auroc.toFixed(4)}`;
    return `${name.padEnd(24)}${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${cosine}${right}${auroc}`;
  };
  const rows = schemes.map(({ name, bytes, cosineMean, cosineMin, labelled }) =>
    line(
      name === made ? `${name} (made)` : name,
      bytes,
      `cosine ${cosineMean.toFixed(5)}, least ${cosineMin.toFixed(5)}`,
      labelled,
    ),
  );
  return [line('original', original.bytes, 'cosine 1', original.labelled), ...rows].join('\n');
}

function isScheme(word: string): word is Scheme {
  return Object.hasOwn(SCHEMES, word);
}
