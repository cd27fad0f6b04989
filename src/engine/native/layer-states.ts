/** Texts as one of an encoder's layers reads them, for whoever learns something on top of the layers below. */
import { SPECIAL_TOKENS } from '../token-windows.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { clipText } from '../windows.ts';

/** Tokens of one call, or those of one text. Nobody waits for these, but requests wait behind them. */
const CALL_TOKENS_MAX = 1_024;

export interface LayerStates {
  /** [rows][dimensions], a row for each token, special ones included; all texts one behind the other. */
  readonly values: Float32Array;
  /** Rows of each text. */
  readonly lengths: Int32Array;
}

/**
 * What the layer of that number reads (0: the embeddings after their norm; the number of layers: what the last one makes).
 * A row takes 4 bytes for each dimension.
 * @param tokensMax of each text, special tokens counted: what is behind them is not read
 * @throws RangeError when there is no such layer, or `tokensMax` is none that the model reads at once; the signal's reason;
 *   Error when inference fails
 */
export type StatesBefore = (
  layer: number,
  texts: readonly string[],
  tokensMax: number,
  signal?: AbortSignal,
) => Promise<LayerStates>;

export interface StatesSource {
  readonly tokenizer: Tokenizer;
  readonly layers: number;
  /** Most tokens that the model reads at once, special tokens counted. */
  readonly tokensMax: number;
  /** One call of the engine: ids of some texts, special ones included. */
  read(layer: number, texts: readonly (readonly number[])[]): Promise<Float32Array>;
}

export function statesReader({ tokenizer, layers, tokensMax, read }: StatesSource): StatesBefore {
  return async (layer, texts, most, signal) => {
    if (!Number.isInteger(layer) || layer < 0 || layer > layers) {
      throw new RangeError(`There is no layer ${layer}.`);
    }
    if (!Number.isInteger(most) || most <= SPECIAL_TOKENS || most > tokensMax) {
      throw new RangeError(`The model does not read ${most} tokens at once.`);
    }
    const parts: Float32Array[] = [];
    const lengths: number[] = [];
    let call: number[][] = [];
    let rows = 0;
    const readCall = async (): Promise<void> => {
      signal?.throwIfAborted();
      if (call.length > 0) parts.push(await read(layer, call));
      call = [];
      rows = 0;
    };
    for (const text of texts) {
      const inner = tokenizer.encode(clipText(text).head).slice(0, most - SPECIAL_TOKENS);
      const ids = [tokenizer.before, ...inner, tokenizer.after];
      if (rows + ids.length > CALL_TOKENS_MAX) await readCall();
      call.push(ids);
      lengths.push(ids.length);
      rows += ids.length;
    }
    await readCall();
    return { values: concat(parts), lengths: Int32Array.from(lengths) };
  };
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
