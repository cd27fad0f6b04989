/**
 * How likely a message is an attack on the model that is to answer it: a prompt injection or a jailbreak. Two linear
 * models look at it. One reads the letters, in any language and every piece of a long text alone; the other reads the
 * encoder's vector of the whole. Their sum is calibrated on messages that neither had seen. The head is learned by
 * `models/recipes/heads.ts` and lies in the model pack.
 */
import { sigmoid } from '../../statistics/vectors.ts';
import { createFeaturesOf, type Features, type Ideas } from './features.ts';
import { isReadWhole, piecesOf, readingsOf } from './readings.ts';

/** What is learned: plain data. */
export interface InjectionHead {
  readonly ideas: Ideas;
  /** A weight for each hashed feature, in units of `scale`. */
  readonly letters: Int8Array;
  readonly scale: number;
  readonly lettersBias: number;
  /** A weight for each number of the vector. */
  readonly vector: Float32Array;
  readonly vectorBias: number;
  /** Of both scores and of the text's length, to the logit of the chance. */
  readonly mix: {
    readonly letters: number;
    readonly vector: number;
    readonly both: number;
    readonly bias: number;
  };
  /** Unicode scripts of which there was enough to learn from. */
  readonly scripts: readonly string[];
}

/** The chance, 0 to 1, that the message is an attack; null: cannot be told. */
export type JudgeInjection = (vector: ArrayLike<number>, text: string) => number | null;

/** Below this a message looks harmless: then what could not be read matters. */
const HARMLESS_MAX = 0.5;
/** Share of a text's letters that may be of other scripts than those learned from. */
const STRANGE_SHARE_MAX = 0.5;
/** A score further than this from even adds nothing. */
const SCORE_MAX = 12;

export function createJudgeInjection(head: InjectionHead): JudgeInjection {
  const lettersScore = createLettersScore(head);
  const isKnown = new RegExp(`[${head.scripts.map((script) => `\\p{Script=${script}}`).join('')}]`, 'u');
  return (vector, text) => {
    let own = head.vectorBias;
    for (let i = 0; i < head.vector.length; i += 1) own += (head.vector[i] as number) * (vector[i] as number);
    const chance = mixed(lettersScore(text), own, head.mix);
    if (chance > HARMLESS_MAX) return chance;
    return isReadWhole(text) && strangeShare(text, isKnown) <= STRANGE_SHARE_MAX ? chance : null;
  };
}

export function mixed(letters: number, vector: number, mix: InjectionHead['mix']): number {
  const [first, second] = [bounded(letters), bounded(vector)];
  return sigmoid(mix.bias + mix.letters * first + mix.vector * second + mix.both * Math.max(first, second));
}

const bounded = (score: number): number => Math.max(-SCORE_MAX, Math.min(SCORE_MAX, score));

/** The highest score of any piece of any reading of a text. */
export function createLettersScore({
  ideas,
  letters,
  scale,
  lettersBias,
}: Pick<InjectionHead, 'ideas' | 'letters' | 'scale' | 'lettersBias'>): (text: string) => number {
  const featuresOf = createFeaturesOf(ideas, letters.length);
  const score = ({ indices, values }: Features): number => {
    let sum = 0;
    for (let i = 0; i < indices.length; i += 1)
      sum += (letters[indices[i] as number] as number) * (values[i] as number);
    return lettersBias + scale * sum;
  };
  return (text) => {
    let highest = Number.NEGATIVE_INFINITY;
    for (const reading of readingsOf(text)) {
      for (const piece of piecesOf(reading)) highest = Math.max(highest, score(featuresOf(piece)));
    }
    return highest;
  };
}

/** Code points of a text that are looked at for their script. */
const SCRIPT_CHARS_MAX = 2_000;

function strangeShare(text: string, isKnown: RegExp): number {
  const letters = text.slice(0, SCRIPT_CHARS_MAX).match(/\p{L}/gu) ?? [];
  return letters.length === 0 ? 0 : letters.filter((letter) => !isKnown.test(letter)).length / letters.length;
}
