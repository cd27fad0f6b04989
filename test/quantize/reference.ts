/**
 * Encoders written out plainly, on the weights' own names: slow, easy to check against the papers, and sharing nothing
 * with what is tested. Rows of numbers throughout; double precision.
 */
import type { Source } from './random-model.ts';

type Rows = number[][];

/** Hidden states of one text after the last layer. */
export function referenceForward(source: Source, ids: readonly number[]): Rows {
  return source.config.model_type === 'modernbert' ? modernBert(source, ids) : bert(source, ids);
}

function bert({ config, weights, prefix }: Source, ids: readonly number[]): Rows {
  const get = reader(weights, prefix);
  const eps = config.layer_norm_eps as number;
  const norm = (x: Rows, name: string): Rows => layerNorm(x, get(`${name}.weight`), get(`${name}.bias`), eps);
  const offset = config.model_type === 'bert' ? 0 : (config.pad_token_id as number) + 1;
  const hidden = config.hidden_size as number;
  const row = (name: string, at: number): number[] => get(name).slice(at * hidden, (at + 1) * hidden);
  let x = ids.map((id, place) => {
    const word = row('embeddings.word_embeddings.weight', id);
    const position = row('embeddings.position_embeddings.weight', place + offset);
    const type = row('embeddings.token_type_embeddings.weight', 0);
    return word.map((value, i) => value + position[i]! + type[i]!);
  });
  x = norm(x, 'embeddings.LayerNorm');
  for (let layer = 0; layer < (config.num_hidden_layers as number); layer += 1) {
    const at = `encoder.layer.${layer}`;
    const dense = (input: Rows, name: string): Rows =>
      linear(input, get(`${at}.${name}.weight`), get(`${at}.${name}.bias`));
    const [q, k, v] = ['query', 'key', 'value'].map((part) => dense(x, `attention.self.${part}`)) as [
      Rows,
      Rows,
      Rows,
    ];
    const context = attention(q, k, v, config.num_attention_heads as number, () => true);
    x = norm(add(x, dense(context, 'attention.output.dense')), `${at}.attention.output.LayerNorm`);
    const up = dense(x, 'intermediate.dense').map((each) => each.map(gelu));
    x = norm(add(x, dense(up, 'output.dense')), `${at}.output.LayerNorm`);
  }
  return x;
}

function modernBert({ config, weights, prefix }: Source, ids: readonly number[]): Rows {
  const get = reader(weights, prefix);
  const hidden = config.hidden_size as number;
  const heads = config.num_attention_heads as number;
  const norm = (x: Rows, name: string): Rows =>
    layerNorm(x, get(`${name}.weight`), new Array<number>(hidden).fill(0), config.norm_eps as number);
  let x = ids.map((id) => get('embeddings.tok_embeddings.weight').slice(id * hidden, (id + 1) * hidden));
  x = norm(x, 'embeddings.norm');
  for (let layer = 0; layer < (config.num_hidden_layers as number); layer += 1) {
    const at = `layers.${layer}`;
    const isGlobal = layer % (config.global_attn_every_n_layers as number) === 0;
    const theta = (isGlobal ? config.global_rope_theta : config.local_rope_theta) as number;
    const reach = isGlobal ? Number.POSITIVE_INFINITY : (config.local_attention as number) / 2;
    const qkv = linear(layer === 0 ? x : norm(x, `${at}.attn_norm`), get(`${at}.attn.Wqkv.weight`));
    const part = (which: number): Rows => qkv.map((each) => each.slice(which * hidden, (which + 1) * hidden));
    const turn = (rows: Rows): Rows => rows.map((each, place) => rotate(each, heads, place, theta));
    const context = attention(
      turn(part(0)),
      turn(part(1)),
      part(2),
      heads,
      (i, j) => Math.abs(i - j) <= reach,
    );
    x = add(x, linear(context, get(`${at}.attn.Wo.weight`)));
    const wide = linear(norm(x, `${at}.mlp_norm`), get(`${at}.mlp.Wi.weight`));
    const gated = wide.map((each) => {
      const half = each.length / 2;
      return each.slice(0, half).map((value, i) => gelu(value) * each[half + i]!);
    });
    x = add(x, linear(gated, get(`${at}.mlp.Wo.weight`)));
  }
  return norm(x, 'final_norm');
}

function reader(weights: Source['weights'], prefix: string) {
  return (name: string): number[] => {
    const tensor = weights.get(prefix + name);
    if (tensor === undefined) throw new Error(`The reference needs ${prefix}${name}.`);
    return [...tensor.data];
  };
}

/** weight is [out, in], row by row. */
function linear(x: Rows, weight: number[], bias?: number[]): Rows {
  const width = x[0]!.length;
  const outputs = weight.length / width;
  return x.map((row) =>
    Array.from({ length: outputs }, (_, n) =>
      row.reduce((sum, value, k) => sum + value * weight[n * width + k]!, bias?.[n] ?? 0),
    ),
  );
}

function add(a: Rows, b: Rows): Rows {
  return a.map((row, i) => row.map((value, j) => value + b[i]![j]!));
}

function layerNorm(x: Rows, weight: number[], bias: number[], eps: number): Rows {
  return x.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    return row.map((value, i) => ((value - mean) / Math.sqrt(variance + eps)) * weight[i]! + bias[i]!);
  });
}

function attention(q: Rows, k: Rows, v: Rows, heads: number, sees: (i: number, j: number) => boolean): Rows {
  const width = q[0]!.length / heads;
  return q.map((row, i) =>
    Array.from({ length: heads }, (_, head) => {
      const from = head * width;
      const scores = k.map((key, j) => {
        const dot = Array.from({ length: width }, (_d, d) => row[from + d]! * key[from + d]!);
        return sees(i, j) ? dot.reduce((sum, value) => sum + value, 0) / Math.sqrt(width) : -Infinity;
      });
      const top = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - top));
      const total = shares.reduce((sum, share) => sum + share, 0);
      return Array.from({ length: width }, (_d, d) =>
        v.reduce((sum, value, j) => sum + (shares[j]! / total) * value[from + d]!, 0),
      );
    }).flat(),
  );
}

/** Each number of a head turns together with the one half a head further on. */
function rotate(row: number[], heads: number, place: number, theta: number): number[] {
  const width = row.length / heads;
  const half = width / 2;
  return row.map((value, at) => {
    const d = at % width;
    const angle = place * theta ** ((-2 * (d % half)) / width);
    const other = d < half ? -row[at + half]! : row[at - half]!;
    return value * Math.cos(angle) + other * Math.sin(angle);
  });
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** By its Taylor series, which converges for every x; the arguments here are small. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let sum = 0;
  let term = x;
  for (let n = 0; n < 200; n += 1) {
    sum += term / (2 * n + 1);
    term *= (-x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
