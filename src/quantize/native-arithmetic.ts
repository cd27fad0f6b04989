/** The native engine's arithmetic on activations, written out: what quantization is fitted to, and measured against. */

import type { AddLinear } from './float-graph.ts';
import type { Graph } from './graph.ts';
import type { Matrix } from './products.ts';
import { dequantize, type QuantizedLinear } from './quantized-linear.ts';

// A name of the module's own: in a test runner's sandbox, globals are slow to look up.
const { abs, max, round } = Math;

/** Activations are rounded to -127 to 127, with one scale for each token. */
const ACTIVATION_MAX = 127;
/** Keeps an all-zero token from a division by zero. */
const ACTIVATION_MIN = 1e-30;

/** The input of a matrix as the engine reads it: times `smooth`, then rounded to int8, one scale per row. */
export function roundActivations({ rows, columns, data }: Matrix, smooth: Float32Array | null): Matrix {
  const rounded = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += columns) {
    let largest = ACTIVATION_MIN;
    for (let k = 0; k < columns; k += 1) {
      const value = (data[from + k] as number) * (smooth === null ? 1 : (smooth[k] as number));
      rounded[from + k] = value;
      largest = max(largest, abs(value));
    }
    const scale = largest / ACTIVATION_MAX;
    for (let k = 0; k < columns; k += 1) {
      rounded[from + k] = round((rounded[from + k] as number) / scale) * scale;
    }
  }
  return { rows, columns, data: rounded };
}

/** A quantized matrix in a float graph, with the engine's own rounding of its input. */
export function simulateLinear(linear: QuantizedLinear): AddLinear {
  const { rows, columns, smooth, bias } = linear;
  const weights = dequantize(linear);
  return (graph, name, input) => {
    const scaled =
      smooth === null ? input : graph.add('Mul', [input, graph.floats(`${name}.smooth`, [columns], smooth)]);
    const matrix = graph.floats(`${name}.rounded`, [rows, columns], weights);
    const turned = graph.add('Transpose', [matrix], { perm: [1, 0] });
    const product = graph.add('MatMul', [roundTokens(graph, scaled), turned]);
    return bias === null ? product : graph.add('Add', [product, graph.floats(`${name}.bias'`, [rows], bias)]);
  };
}

function roundTokens(graph: Graph, value: string): string {
  const largest = graph.add('ReduceMax', [graph.add('Abs', [value]), graph.whole(-1)], { keepdims: 1 });
  const bounded = graph.add('Max', [largest, graph.number(ACTIVATION_MIN)]);
  const scale = graph.add('Div', [bounded, graph.number(ACTIVATION_MAX)]);
  return graph.add('Mul', [graph.add('Round', [graph.add('Div', [value, scale])]), scale]);
}
