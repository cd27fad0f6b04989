/** Attention within each text (Vaswani et al. 2017, arXiv 1706.03762), there and back. */
import { Workspace } from './matrices.ts';

export class Attention {
  readonly #heads: number;
  readonly #hidden: number;
  readonly #work = new Workspace();
  #qkv: Float32Array = new Float32Array();
  #lengths: Int32Array = new Int32Array();
  #chances: Float32Array = new Float32Array();

  constructor(heads: number, hidden: number) {
    this.#heads = heads;
    this.#hidden = hidden;
  }

  /**
   * @param qkv [rows][3 * hidden]: queries, keys and values of all texts, one behind the other
   * @param lengths rows of each text
   * @returns [rows][hidden]
   */
  forward(qkv: Float32Array, lengths: Int32Array): Float32Array {
    const hidden = this.#hidden;
    const context = this.#work.take('context', qkv.length / 3);
    context.fill(0);
    this.#qkv = qkv;
    this.#lengths = lengths;
    const squares = lengths.reduce((sum, length) => sum + length * length, 0);
    this.#chances = this.#work.take('chances', squares * this.#heads);
    this.#eachHead((first, length, column, chances) => {
      this.#weigh(first, length, column, chances);
      for (let i = 0; i < length; i += 1) {
        const to = (first + i) * hidden + column;
        for (let j = 0; j < length; j += 1) {
          const chance = chances[i * length + j] as number;
          const value = (first + j) * 3 * hidden + 2 * hidden + column;
          for (let d = 0; d < this.#width; d += 1) {
            context[to + d] = (context[to + d] as number) + chance * (qkv[value + d] as number);
          }
        }
      }
    });
    return context;
  }

  /** @param gradient of the context @returns that of the queries, keys and values */
  backward(gradient: Float32Array): Float32Array {
    const [hidden, width, qkv] = [this.#hidden, this.#width, this.#qkv];
    const result = this.#work.take('gradient', qkv.length);
    result.fill(0);
    const longest = Math.max(0, ...this.#lengths);
    const row = this.#work.take('row', longest);
    const scale = 1 / Math.sqrt(width);
    this.#eachHead((first, length, column, chances) => {
      for (let i = 0; i < length; i += 1) {
        const from = (first + i) * hidden + column;
        const query = (first + i) * 3 * hidden + column;
        let mean = 0;
        for (let j = 0; j < length; j += 1) {
          const value = (first + j) * 3 * hidden + 2 * hidden + column;
          const chance = chances[i * length + j] as number;
          let sum = 0;
          for (let d = 0; d < width; d += 1) {
            const each = gradient[from + d] as number;
            sum += each * (qkv[value + d] as number);
            result[value + d] = (result[value + d] as number) + chance * each;
          }
          row[j] = sum;
          mean += chance * sum;
        }
        for (let j = 0; j < length; j += 1) {
          const score = (chances[i * length + j] as number) * ((row[j] as number) - mean) * scale;
          const key = (first + j) * 3 * hidden + hidden + column;
          for (let d = 0; d < width; d += 1) {
            result[query + d] = (result[query + d] as number) + score * (qkv[key + d] as number);
            result[key + d] = (result[key + d] as number) + score * (qkv[query + d] as number);
          }
        }
      }
    });
    return result;
  }

  get #width(): number {
    return this.#hidden / this.#heads;
  }

  /** Calls with each text's first row and length, each head's first column, and where their probabilities lie. */
  #eachHead(visit: (first: number, length: number, column: number, chances: Float32Array) => void): void {
    let [first, end] = [0, 0];
    for (const length of this.#lengths) {
      for (let head = 0; head < this.#heads; head += 1) {
        end += length * length;
        visit(first, length, head * this.#width, this.#chances.subarray(end - length * length, end));
      }
      first += length;
    }
  }

  /** Softmax of the products of queries and keys. */
  #weigh(first: number, length: number, column: number, chances: Float32Array): void {
    const [hidden, width, qkv] = [this.#hidden, this.#width, this.#qkv];
    const scale = 1 / Math.sqrt(width);
    for (let i = 0; i < length; i += 1) {
      const query = (first + i) * 3 * hidden + column;
      let largest = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < length; j += 1) {
        const key = (first + j) * 3 * hidden + hidden + column;
        let sum = 0;
        for (let d = 0; d < width; d += 1) sum += (qkv[query + d] as number) * (qkv[key + d] as number);
        const score = sum * scale;
        chances[i * length + j] = score;
        if (score > largest) largest = score;
      }
      let total = 0;
      for (let j = 0; j < length; j += 1) {
        const each = Math.exp((chances[i * length + j] as number) - largest);
        chances[i * length + j] = each;
        total += each;
      }
      for (let j = 0; j < length; j += 1) {
        chances[i * length + j] = (chances[i * length + j] as number) / total;
      }
    }
  }
}
