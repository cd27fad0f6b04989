/** From a downloaded model to a pack with its report: what `tiergate model quantize` does. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OnnxRuns, startOnnxRuns } from '../engine/onnx/onnx-runs.ts';
import { createTokenizer } from '../engine/tokenizer/tokenizer.ts';
import { CHECK_TEXTS } from './check-texts.ts';
import { chooseInt8, embedOriginal, lossByLinear } from './compare.ts';
import { compareVectors, embedAll, type Pooling, tokenize } from './embed.ts';
import { judgeLabelled, type LabelledText, readLabelled } from './labelled.ts';
import { GRAPH_FILE, packFiles, WEIGHTS_FILE } from './pack-files.ts';
import { progressBar } from './progress.ts';
import { type QuantizedModel, quantizeModel } from './quantize-model.ts';
import type { Scheme } from './quantized-linear.ts';
import { type LinearRow, type Report, reportHtml, reportJson, type SchemeRow } from './report.ts';
import { openSource, type Source } from './source.ts';
import { TOKENS_MAX, writePack } from './write-pack.ts';

/** One text a line. Other texts than those that packs are compared on. */
const CALIBRATION_FILE = fileURLToPath(new URL('./calibration.txt', import.meta.url));
const CALIBRATION_BYTES_MAX = 16_777_216;
/** Longer calibration texts are cut. Tokens. */
const CALIBRATION_TOKENS_MAX = 512;
/** What a matrix costs alone is measured on this many short texts. */
const LOSS_TEXTS_MAX = 48;
const LOSS_TOKENS_MAX = 40;
/** Share of the weights that the compared row with layers in int8 has, where nobody asks for another. */
const INT8_SHARE = 0.15;

export interface MakeOptions {
  /** A folder as Hugging Face lays it out, or the weights in it. */
  readonly source: string;
  readonly out: string;
  readonly scheme: Scheme;
  /** Share of the weights to store in int8 where the scheme is int4: those that int4 costs most. 0 to 1. */
  readonly int8Share: number;
  /** Measure the other schemes too. */
  readonly isCompared: boolean;
  readonly calibrate?: string | undefined;
  readonly labelled?: string | undefined;
  readonly name?: string | undefined;
  readonly pooling?: Pooling | undefined;
  readonly threads: number;
  /** Draw no progress bars. */
  readonly isQuiet?: boolean;
  /** Fields of the manifest for people to read. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** Writes the pack and `report.json` and `report.html`. @throws Error naming what cannot be used */
export async function makePack(options: MakeOptions): Promise<Report> {
  const source = openSource(options.source);
  const labelled = options.labelled === undefined ? null : readLabelled(options.labelled);
  const calibration = readCalibration(options.calibrate ?? CALIBRATION_FILE);
  const runs = startOnnxRuns(options.threads);
  try {
    return await new PackMaker(runs, source, options, labelled, calibration).make();
  } finally {
    await runs.close();
  }
}

/** A way to quantize: a name for it, and how each matrix is stored. */
interface Plan {
  readonly name: string;
  readonly schemeOf: (linear: string) => Scheme;
}

class PackMaker {
  readonly #runs: OnnxRuns;
  readonly #source: Source;
  readonly #options: MakeOptions;
  readonly #labelled: readonly LabelledText[] | null;
  readonly #texts: { calibration: number[][]; check: number[][]; labelled: number[][] };
  readonly #pooling: Pooling;
  /** What the original gives, to compare with. */
  #right: { check: Float32Array[]; labelled: Float32Array[] } = { check: [], labelled: [] };

  constructor(
    runs: OnnxRuns,
    source: Source,
    options: MakeOptions,
    labelled: readonly LabelledText[] | null,
    calibration: readonly string[],
  ) {
    this.#runs = runs;
    this.#source = source;
    this.#options = options;
    this.#labelled = labelled;
    this.#pooling = options.pooling ?? source.pooling ?? 'mean';
    const tokenizer = createTokenizer(parse(source.tokenizer));
    const tokensMax = Math.min(TOKENS_MAX, source.model.config.positions_max);
    const cut = Math.min(CALIBRATION_TOKENS_MAX, tokensMax);
    this.#texts = {
      calibration: tokenize(tokenizer, calibration, cut),
      check: tokenize(tokenizer, CHECK_TEXTS, tokensMax),
      labelled: tokenize(tokenizer, labelled?.map(({ text }) => text) ?? [], tokensMax),
    };
  }

  async make(): Promise<Report> {
    const { scheme, int8Share, isCompared, out } = this.#options;
    const { check, labelled } = this.#texts;
    this.#right = {
      check: await this.#embedOriginal('original, check texts', check),
      labelled: await this.#embedOriginal('original, labelled texts', labelled),
    };
    const isMixed = scheme === 'int4' && int8Share > 0;
    const others: Scheme[] = (['int8', 'int4', 'ternary'] as const).filter((each) => each !== scheme);
    const first = await this.#quantize({ name: scheme, schemeOf: () => scheme });
    const losses = await this.#losses(first);
    const rows = [await this.#measure(scheme, first)];
    let made = { name: scheme as string, model: first };
    if (scheme === 'int4' && (isMixed || isCompared)) {
      const share = isMixed ? int8Share : INT8_SHARE;
      const plan = mixedPlan(first, losses, share);
      const mixed = await this.#quantize(plan);
      rows.push(await this.#measure(plan.name, mixed));
      if (isMixed) made = { name: plan.name, model: mixed };
    }
    for (const other of isCompared ? others : []) {
      rows.push(await this.#measure(other, await this.#quantize({ name: other, schemeOf: () => other })));
    }
    const report = this.#report(made, rows, losses);
    this.#write(made.model, report, out);
    return report;
  }

  #bar(label: string, total: number): (done: number) => void {
    return this.#options.isQuiet ? () => {} : progressBar(label, total);
  }

  async #embedOriginal(label: string, texts: number[][]): Promise<Float32Array[]> {
    if (texts.length === 0) return [];
    const bar = this.#bar(`Embedding: ${label}`, texts.length);
    return embedOriginal(this.#runs, this.#source.model, texts, this.#pooling, bar);
  }

  #quantize({ name, schemeOf }: Plan): Promise<QuantizedModel> {
    const { model } = this.#source;
    const bar = this.#bar(`Quantizing: ${name}`, 4 * model.config.layers);
    return quantizeModel(model, this.#texts.calibration, schemeOf, this.#runs, bar);
  }

  #losses(model: QuantizedModel): Promise<Map<string, number>> {
    const short = this.#texts.calibration.filter(({ length }) => length <= LOSS_TOKENS_MAX);
    const every = Math.max(1, Math.floor(short.length / LOSS_TEXTS_MAX));
    const texts = short.filter((_, at) => at % every === 0);
    const bar = this.#bar('Measuring each matrix', model.linears.size);
    return lossByLinear(this.#runs, model, texts, this.#pooling, bar);
  }

  /** Runs the very files of a pack. */
  async #measure(name: string, model: QuantizedModel): Promise<SchemeRow> {
    const { weights, graph } = packFiles(model);
    const folder = mkdtempSync(join(tmpdir(), 'tiergate-quantize-'));
    try {
      writeFileSync(join(folder, WEIGHTS_FILE), weights);
      writeFileSync(join(folder, GRAPH_FILE), graph);
      const run = await this.#runs.load(join(folder, GRAPH_FILE));
      const { check, labelled } = this.#texts;
      const bar = this.#bar(`Measuring: ${name}`, check.length + labelled.length);
      const vectors = await embedAll(run, [...check, ...labelled], this.#pooling, bar);
      await run.release();
      const { mean, min } = compareVectors(this.#right.check, vectors.slice(0, check.length));
      return {
        name,
        bytes: weights.length + graph.length,
        cosineMean: mean,
        cosineMin: min,
        labelled: this.#judge(vectors.slice(check.length)),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  #judge(vectors: readonly Float32Array[]) {
    return this.#labelled === null ? null : judgeLabelled(this.#labelled, vectors);
  }

  #report(
    made: { name: string; model: QuantizedModel },
    schemes: readonly SchemeRow[],
    losses: ReadonlyMap<string, number>,
  ): Report {
    const { linears, errors } = made.model;
    const linearRows = [...linears].map(
      ([name, { scheme, smooth }]): LinearRow => ({
        name,
        scheme,
        error: errors.get(name) ?? 0,
        loss: losses.get(name) ?? null,
        isSmoothed: smooth !== null,
      }),
    );
    return {
      model: this.#name(),
      made: made.name,
      calibrationTokens: this.#texts.calibration.reduce((sum, { length }) => sum + length, 0),
      checkTexts: this.#texts.check.length,
      original: {
        bytes: this.#source.weightFiles.reduce((sum, file) => sum + statSync(file).size, 0),
        labelled: this.#judge(this.#right.labelled),
      },
      schemes,
      linears: linearRows,
    };
  }

  #name(): string {
    return this.#options.name ?? `${this.#source.name}-${this.#options.scheme}`;
  }

  #write(model: QuantizedModel, report: Report, out: string): void {
    const { tokenizer, tokenizerConfig } = this.#source;
    mkdirSync(out, { recursive: true });
    writePack(out, model, {
      name: this.#name(),
      pooling: this.#pooling,
      about: { ...this.#options.about, quantization: report.made },
      tokenizer,
      tokenizerConfig,
    });
    writeFileSync(join(out, 'report.json'), reportJson(report));
    writeFileSync(join(out, 'report.html'), reportHtml(report));
  }
}

function mixedPlan(model: QuantizedModel, losses: ReadonlyMap<string, number>, share: number): Plan {
  const sizes = new Map([...model.linears].map(([name, { levels }]) => [name, levels.length]));
  const chosen = chooseInt8(losses, sizes, share);
  return {
    name: `int4, ${Math.round(share * 100)} % in int8`,
    schemeOf: (linear) => (chosen.has(linear) ? 'int8' : 'int4'),
  };
}

function readCalibration(file: string): string[] {
  if (statSync(file).size > CALIBRATION_BYTES_MAX) {
    throw new Error(`${file} is larger than ${CALIBRATION_BYTES_MAX} bytes.`);
  }
  const texts = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (texts.length === 0) throw new Error(`${file} has no texts: it must hold one in each line.`);
  return texts;
}

function parse(json: Uint8Array): object {
  return JSON.parse(new TextDecoder().decode(json)) as object;
}
