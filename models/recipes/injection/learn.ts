/** Learns the injection head, and judges each row by a head that had seen nothing like it. */
import { createHash } from 'node:crypto';
import { createFeaturesOf, type Features, type Ideas } from '../../../src/classify/injection/features.ts';
import { type InjectionHead, mixed } from '../../../src/classify/injection/injection.ts';
import { piecesOf, readingsOf } from '../../../src/classify/injection/readings.ts';
import { dense, fitLogistic, type Logistic, type LogisticRow, scoreOf } from '../heads/logistic.ts';
import type { InjectionRow } from './row.ts';

/** Numbers for hashed features; each is one byte in the head's file. */
const BUCKETS = 2 ** 17;
const FOLDS = 3;
/** Of the letters' and the vector's model. Chosen by the recall of held-out families. */
const LETTERS_PENALTY = 3e-6;
const VECTOR_PENALTY = 3e-6;
const MIX_PENALTY = 1e-4;
/** The share of attacks among messages for which the chance is calibrated. */
const ATTACK_SHARE = 0.1;
/** How much the rows of a source count together, among attacks and among benign messages. */
const SOURCE_SHARE: Readonly<Record<string, number>> = {
  'templates en': 4,
  'templates other': 5,
  purplellama_translated: 3,
  giskard: 0.4,
  xstest_half: 0.8,
};
const OTHER_SOURCE_SHARE = 0.6;
/** Texts that hide nothing have readings too, and none of them may look like an attack. */
const HIDDEN_READING_WEIGHT = 0.1;

export interface PreparedRow extends InjectionRow {
  readonly vector: Float32Array;
  /** Pieces of the text itself, the whole of it first, then those of its other readings. */
  readonly pieces: readonly Features[];
  readonly ownPieces: number;
  readonly weight: number;
}

export interface JudgedRow extends InjectionRow {
  readonly letters: number;
  readonly vectorScore: number;
  readonly chance: number;
}

export function prepare(
  rows: readonly InjectionRow[],
  vectors: readonly Float32Array[],
  ideas: Ideas,
): PreparedRow[] {
  const featuresOf = createFeaturesOf(ideas, BUCKETS);
  const keyOf = ({ source, language, isAttack }: InjectionRow): string =>
    `${isAttack} ${source === 'templates' ? `templates ${language === 'en' ? 'en' : 'other'}` : source}`;
  const counts = Map.groupBy(rows, keyOf);
  return rows.map((row, at) => {
    const [own = [], ...others] = readingsOf(row.text).map(piecesOf);
    const key = keyOf(row);
    const share = SOURCE_SHARE[key.replace(/^\w+ /, '')] ?? OTHER_SOURCE_SHARE;
    return {
      ...row,
      vector: vectors[at] as Float32Array,
      pieces: [...own, ...others.flat()].map(featuresOf),
      ownPieces: own.length,
      weight: share / (counts.get(key)?.length ?? 1),
    };
  });
}

interface Scores {
  readonly letters: number;
  readonly vector: number;
}
interface Models {
  readonly letters: Logistic;
  readonly vector: Logistic;
}

function fitBoth(rows: readonly PreparedRow[], width: number): Models {
  return {
    letters: fitLogistic(rows.flatMap(lettersRows), BUCKETS, LETTERS_PENALTY),
    vector: fitLogistic(
      rows.map(({ vector, isAttack, weight }) => ({
        features: dense(vector),
        target: Number(isAttack),
        weight,
      })),
      width,
      VECTOR_PENALTY,
    ),
  };
}

/** Of an attack only the whole: which piece attacks is not known. Of a benign text every piece is benign. */
function lettersRows({ isAttack, pieces, ownPieces, weight }: PreparedRow): LogisticRow[] {
  if (isAttack) return [{ features: pieces[0] as Features, target: 1, weight }];
  return pieces.map((features, at) => ({
    features,
    target: 0,
    weight:
      at < ownPieces
        ? weight / Math.sqrt(ownPieces)
        : (weight * HIDDEN_READING_WEIGHT) / (pieces.length - ownPieces),
  }));
}

function scoresBy({ letters, vector }: Models, row: PreparedRow): Scores {
  return {
    letters: Math.max(...row.pieces.map((piece) => scoreOf(letters.weights, letters.bias, piece))),
    vector: scoreOf(vector.weights, vector.bias, dense(row.vector)),
  };
}

/** Every row's scores by models that had not seen its group. */
function heldOutScores(rows: readonly PreparedRow[], groupOf: (row: InjectionRow) => string): Scores[] {
  const folds = rows.map((row) => createHash('sha256').update(groupOf(row)).digest().readUInt32LE(0) % FOLDS);
  const scores = new Array<Scores>(rows.length);
  const width = rows[0]?.vector.length ?? 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const models = fitBoth(
      rows.filter((_, at) => folds[at] !== fold),
      width,
    );
    rows.forEach((row, at) => {
      if (folds[at] === fold) scores[at] = scoresBy(models, row);
    });
  }
  return scores;
}

function fitMix(rows: readonly PreparedRow[], scores: readonly Scores[]): InjectionHead['mix'] {
  const total = (isAttack: boolean): number =>
    rows.reduce((sum, row) => sum + (row.isAttack === isAttack ? row.weight : 0), 0);
  const [attacks, benign] = [total(true), total(false)];
  const { weights, bias } = fitLogistic(
    rows.map(({ isAttack, weight }, at) => {
      const { letters, vector } = scores[at] as Scores;
      return {
        features: dense([letters, vector, Math.max(letters, vector)]),
        target: Number(isAttack),
        weight: isAttack ? (ATTACK_SHARE * weight) / attacks : ((1 - ATTACK_SHARE) * weight) / benign,
      };
    }),
    3,
    MIX_PENALTY,
  );
  const [letters = 0, vector = 0, both = 0] = weights;
  return { letters, vector, both, bias };
}

/** Each row judged by what had not learned from its group. */
export function judgeHeldOut(
  rows: readonly PreparedRow[],
  groupOf: (row: InjectionRow) => string,
): JudgedRow[] {
  const scores = heldOutScores(rows, groupOf);
  const mix = fitMix(rows, scores);
  return rows.map((row, at) => {
    const { letters, vector } = scores[at] as Scores;
    return { ...row, letters, vectorScore: vector, chance: mixed(letters, vector, mix) };
  });
}

/** The head, of all rows. @param heldOut what `judgeHeldOut` said of the same rows: the chance is calibrated on it */
export function learnInjection(
  rows: readonly PreparedRow[],
  heldOut: readonly JudgedRow[],
  ideas: Ideas,
): InjectionHead {
  const { letters, vector } = fitBoth(rows, rows[0]?.vector.length ?? 0);
  const scale = letters.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127;
  const scores = heldOut.map((row) => ({ letters: row.letters, vector: row.vectorScore }));
  return {
    ideas,
    letters: Int8Array.from(letters.weights, (weight) => Math.round(weight / scale)),
    scale,
    lettersBias: letters.bias,
    vector: Float32Array.from(vector.weights),
    vectorBias: vector.bias,
    mix: fitMix(rows, scores),
    scripts: scriptsOf(rows),
  };
}

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Telugu',
  'Thai',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Georgian',
  'Armenian',
  'Ethiopic',
  'Khmer',
  'Lao',
  'Myanmar',
  'Gujarati',
  'Gurmukhi',
  'Kannada',
  'Malayalam',
  'Sinhala',
];
const SCRIPT_ROWS_MIN = 100;

/** Scripts that enough benign rows are written in. */
function scriptsOf(rows: readonly InjectionRow[]): string[] {
  return SCRIPTS.filter((script) => {
    const letter = new RegExp(`\\p{Script=${script}}{2}`, 'u');
    return rows.filter(({ text, isAttack }) => !isAttack && letter.test(text)).length >= SCRIPT_ROWS_MIN;
  });
}
