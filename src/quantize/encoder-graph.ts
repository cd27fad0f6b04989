/**
 * An encoder as an ONNX graph. Every place where weights come in is left open (`EncoderWeights`), so that one
 * description serves the original in float32, the pack's MatMulNBits, and a simulation of the native engine.
 */
import { type EncoderConfig, type LinearKind, linearName } from './encoder-model.ts';
import { FLOAT, type Graph } from './graph.ts';

/** Added to the scores of what must not be attended to. Far below any score, and no infinity: those make NaN. */
const MASKED = -1e9;

/** How a graph gets at its weights. Names are those of `docs/model-pack.md`. */
export interface EncoderWeights {
  has(name: string): boolean;
  /** A float tensor. @returns the value's name */
  tensor(name: string): string;
  /** The rows of the word table for `ids`. */
  words(ids: string): string;
  /** input · weightᵀ + bias. `name` such as `layers.0.qkv` */
  linear(name: string, input: string): string;
}

/** What all layers share. */
export interface Surroundings {
  /** Added to the scores: [batch, 1, 1, tokens], for texts of different lengths in one batch; or null. */
  readonly padding: string | null;
  /** Added to the scores in layers that attend locally: [tokens, tokens]; or null. */
  readonly local: string | null;
  /** Cosines and sines of rotary positions, [tokens, head width], for layers with global and local attention. */
  readonly rotation: Readonly<Record<'global' | 'local', { cos: string; sin: string }>> | null;
}

/** ids → the first layer's input, [batch, tokens, hidden]. */
export function embed(graph: Graph, weights: EncoderWeights, config: EncoderConfig, ids: string): string {
  return normalise(graph, weights, config, 'embeddings.norm', embedSum(graph, weights, config, ids));
}

/** The same before its norm. */
export function embedSum(graph: Graph, weights: EncoderWeights, config: EncoderConfig, ids: string): string {
  let sum = weights.words(ids);
  if (config.positions === 'learned') {
    const table = weights.tensor('embeddings.position');
    const rows = graph.add('Slice', [table, graph.whole(0), tokensOf(graph, ids), graph.whole(0)]);
    sum = graph.add('Add', [sum, rows]);
  }
  return sum;
}

/** @param value [batch, tokens, …] @param mask [batch, tokens], or null where nothing is padded */
export function surround(
  graph: Graph,
  config: EncoderConfig,
  value: string,
  mask: string | null,
): Surroundings {
  const needsPlaces = config.positions === 'rotary' || config.local_window > 0;
  const places = needsPlaces ? tokenNumbers(graph, value) : '';
  return {
    padding: mask === null ? null : paddingScores(graph, mask),
    local: config.local_window > 0 ? localScores(graph, places, config.local_window) : null,
    rotation:
      config.positions === 'rotary'
        ? {
            global: rotationOf(graph, config, places, config.rope_theta_global),
            local: rotationOf(graph, config, places, config.rope_theta_local),
          }
        : null,
  };
}

/**
 * One layer. @returns its output, the inputs of its four matrices, and the sums that the outputs of two of them are
 * added up in
 */
export function addLayer(
  graph: Graph,
  weights: EncoderWeights,
  config: EncoderConfig,
  around: Surroundings,
  layer: number,
  input: string,
): { output: string; inputs: Record<LinearKind, string>; sums: Record<'out' | 'down', string> } {
  const name = `layers.${layer}`;
  const linear = (kind: LinearKind, value: string) => weights.linear(linearName(layer, kind), value);
  const norm = (which: string, value: string) => normalise(graph, weights, config, `${name}.${which}`, value);
  const isPre = config.norm === 'pre';
  const before =
    isPre && weights.has(`${name}.attention_norm.weight`) ? norm('attention_norm', input) : input;
  const context = attend(graph, config, around, layer, linear('qkv', before));
  const attended = graph.add('Add', [input, linear('out', context)]);
  const between = isPre ? norm('ffn_norm', attended) : norm('attention_norm', attended);
  const active = activate(graph, config, linear('up', between));
  const sum = graph.add('Add', [isPre ? attended : between, linear('down', active)]);
  return {
    output: isPre ? sum : norm('ffn_norm', sum),
    inputs: { qkv: before, out: context, up: between, down: active },
    sums: { out: attended, down: sum },
  };
}

/** What follows the last layer. */
export function finishLayers(
  graph: Graph,
  weights: EncoderWeights,
  config: EncoderConfig,
  value: string,
): string {
  return config.norm === 'pre' ? normalise(graph, weights, config, 'final_norm', value) : value;
}

export function normalise(
  graph: Graph,
  weights: EncoderWeights,
  config: EncoderConfig,
  name: string,
  value: string,
): string {
  const inputs = [value, weights.tensor(`${name}.weight`)];
  if (weights.has(`${name}.bias`)) inputs.push(weights.tensor(`${name}.bias`));
  return graph.add('LayerNormalization', inputs, { axis: -1, epsilon: { float: config.norm_epsilon } });
}

function activate(graph: Graph, { activation, intermediate }: EncoderConfig, value: string): string {
  if (activation === 'gelu') return graph.add('Gelu', [value]);
  const first = split(graph, value, [intermediate, intermediate]);
  return graph.add('Mul', [graph.add('Gelu', [first]), graph.other(first, 1)]);
}

/** Attention with all heads: qkv [batch, tokens, 3 · hidden] → [batch, tokens, hidden]. */
function attend(
  graph: Graph,
  config: EncoderConfig,
  around: Surroundings,
  layer: number,
  qkv: string,
): string {
  const { hidden, heads, local_window, global_every } = config;
  const isLocal = local_window > 0 && layer % global_every !== 0;
  const query = split(graph, qkv, [hidden, hidden, hidden]);
  const rotation = around.rotation?.[isLocal ? 'local' : 'global'];
  const shape = graph.whole(0, 0, heads, hidden / heads);
  const [q, k, v] = [query, graph.other(query, 1), graph.other(query, 2)].map((part, at) => {
    const apart = graph.add('Reshape', [part, shape]);
    const byHead = graph.add('Transpose', [apart], { perm: [0, 2, 1, 3] });
    return rotation === undefined || at === 2 ? byHead : rotate(graph, config, byHead, rotation);
  }) as [string, string, string];
  const scaled = graph.add('Mul', [q, graph.number(Math.fround(1 / Math.sqrt(hidden / heads)))]);
  let scores = graph.add('MatMul', [scaled, graph.add('Transpose', [k], { perm: [0, 1, 3, 2] })]);
  if (around.padding !== null) scores = graph.add('Add', [scores, around.padding]);
  if (isLocal && around.local !== null) scores = graph.add('Add', [scores, around.local]);
  const mixed = graph.add('MatMul', [graph.add('Softmax', [scores], { axis: -1 }), v]);
  const together = graph.add('Transpose', [mixed], { perm: [0, 2, 1, 3] });
  return graph.add('Reshape', [together, graph.whole(0, 0, hidden)]);
}

/** Rotary positions (Su et al. 2021, arXiv:2104.09864); a number is paired with that half a head further on. */
function rotate(
  graph: Graph,
  { hidden, heads }: EncoderConfig,
  value: string,
  { cos, sin }: { cos: string; sin: string },
): string {
  const half = hidden / heads / 2;
  const first = split(graph, value, [half, half]);
  const turned = graph.add('Concat', [graph.add('Neg', [graph.other(first, 1)]), first], { axis: -1 });
  return graph.add('Add', [graph.add('Mul', [value, cos]), graph.add('Mul', [turned, sin])]);
}

function rotationOf(
  graph: Graph,
  { hidden, heads }: EncoderConfig,
  places: string,
  theta: number,
): { cos: string; sin: string } {
  const width = hidden / heads;
  const speeds = Float32Array.from(
    { length: width },
    (_, at) => theta ** ((-2 * (at % (width / 2))) / width),
  );
  const column = graph.add('Unsqueeze', [places, graph.whole(1)]);
  const angles = graph.add('Mul', [column, graph.floats(`rotation_${theta}`, [1, width], speeds)]);
  return { cos: graph.add('Cos', [angles]), sin: graph.add('Sin', [angles]) };
}

function split(graph: Graph, value: string, sizes: readonly number[]): string {
  return graph.add('Split', [value, graph.whole(...sizes)], { axis: -1 }, { outputs: sizes.length });
}

function tokensOf(graph: Graph, value: string): string {
  return graph.add('Shape', [value], { start: 1, end: 2 });
}

/** 0, 1, 2 … as floats, [tokens]. */
function tokenNumbers(graph: Graph, value: string): string {
  const ones = graph.add('Expand', [graph.number(1), tokensOf(graph, value)]);
  return graph.add('CumSum', [ones, graph.whole(0)], { exclusive: 1 });
}

function paddingScores(graph: Graph, mask: string): string {
  const isRead = graph.add('Cast', [mask], { to: FLOAT });
  const scores = graph.add('Mul', [graph.add('Sub', [graph.number(1), isRead]), graph.number(MASKED)]);
  return graph.add('Unsqueeze', [scores, graph.whole(1, 2)]);
}

function localScores(graph: Graph, places: string, window: number): string {
  const down = graph.add('Unsqueeze', [places, graph.whole(1)]);
  const across = graph.add('Unsqueeze', [places, graph.whole(0)]);
  const distance = graph.add('Abs', [graph.add('Sub', [down, across])]);
  const isFar = graph.add('Greater', [distance, graph.number(window)]);
  return graph.add('Mul', [graph.add('Cast', [isFar], { to: FLOAT }), graph.number(MASKED)]);
}
