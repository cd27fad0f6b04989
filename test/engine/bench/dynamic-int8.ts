/**
 * Dynamic int8 quantization of an ONNX encoder, as onnxruntime's own `quantize_dynamic` does it (ONNX operators
 * DynamicQuantizeLinear and MatMulInteger): weights are int8, activations become uint8 while the model runs.
 */
import {
  DATA_TYPE,
  dims,
  floats,
  floatTensor,
  int8Tensor,
  type Model,
  type Node,
  node,
  type Tensor,
} from '../../../src/quantize/onnx-format.ts';

/** Smaller matrices stay float: nothing to gain. Elements. */
const MATRIX_ELEMENTS_MIN = 4096;
/** Smaller lookup tables stay float. Rows. */
const TABLE_ROWS_MIN = 1024;
/**
 * Largest magnitude of a quantized weight. 64, not 127: processors without VNNI add two uint8 × int8 products in 16
 * bits, which saturate beyond 255 × 64 × 2. With 64 every processor computes the same model.
 */
const WEIGHT_LEVELS = 64;
const TABLE_LEVELS = 127;

/**
 * Replaces every large weight matrix of a MatMul by int8 with one scale per column, and every large table of a Gather
 * by int8 with one scale per row. Changes nothing else; the input is not touched.
 *
 * @param onStep called after every quantized tensor with the number done
 */
export function quantize(model: Model, onStep: (done: number) => void = () => {}): Model {
  const weights = new Map(model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const added = new Map<string, Tensor>();
  const quantizedInputs = new Set<string>();
  const nodes: Node[] = [];
  let done = 0;
  for (const original of model.graph.node) {
    const matrix = weightOf(original, weights);
    if (matrix === null) {
      nodes.push(original);
      continue;
    }
    if (original.opType === 'MatMul') {
      nodes.push(...matmulNodes(original, matrix, quantizedInputs));
      for (const tensor of quantizeColumns(matrix)) added.set(tensor.name, tensor);
    } else {
      nodes.push(...gatherNodes(original, matrix));
      for (const tensor of quantizeRows(matrix)) added.set(tensor.name, tensor);
    }
    done += 1;
    onStep(done);
  }
  const used = new Set(nodes.flatMap(({ input }) => input));
  const initializer = [...model.graph.initializer, ...added.values()].filter(({ name }) => used.has(name));
  return { ...model, graph: { ...model.graph, node: nodes, initializer } };
}

/** The weight to quantize for this node, or null. */
function weightOf(original: Node, weights: ReadonlyMap<string, Tensor>): Tensor | null {
  const place = { MatMul: 1, Gather: 0 }[original.opType];
  const tensor = place === undefined ? undefined : weights.get(original.input[place] ?? '');
  if (tensor === undefined || tensor.dataType !== DATA_TYPE.float) return null;
  const [rows = 0, columns = 0, ...more] = dims(tensor);
  if (columns === 0 || more.length > 0) return null;
  const large = original.opType === 'MatMul' ? rows * columns >= MATRIX_ELEMENTS_MIN : rows >= TABLE_ROWS_MIN;
  return large ? tensor : null;
}

const quantizedName = (tensor: Tensor): string => `${tensor.name}_int8`;
const scaleName = (tensor: Tensor): string => `${tensor.name}_scale`;

/** x · W → scale(x) · scale(W) · (uint8(x) · int8(W)). A value that several matrices read is quantized once. */
function matmulNodes(original: Node, matrix: Tensor, quantizedInputs: Set<string>): Node[] {
  const [x = ''] = original.input;
  const [xInt, xScale, xZero] = [`${x}_uint8`, `${x}_scale`, `${x}_zero`];
  const nodes = [
    node(
      'MatMulInteger',
      `${original.name}_int8`,
      [xInt, quantizedName(matrix), xZero],
      [`${original.name}_int32`],
    ),
    node('Cast', `${original.name}_cast`, [`${original.name}_int32`], [`${original.name}_unscaled`], {
      to: DATA_TYPE.float,
    }),
    node('Mul', `${original.name}_scales`, [xScale, scaleName(matrix)], [`${original.name}_scale`]),
    node(
      'Mul',
      `${original.name}_rescale`,
      [`${original.name}_unscaled`, `${original.name}_scale`],
      original.output,
    ),
  ];
  if (!quantizedInputs.has(x)) {
    quantizedInputs.add(x);
    nodes.unshift(node('DynamicQuantizeLinear', `${x}_quantize`, [x], [xInt, xScale, xZero]));
  }
  return nodes;
}

/** table[i] → float(int8(table)[i]) · scale[i]. */
function gatherNodes(original: Node, table: Tensor): Node[] {
  const [, indices = ''] = original.input;
  const { name } = original;
  return [
    node('Gather', `${name}_int8`, [quantizedName(table), indices], [`${name}_rows`]),
    node('Gather', `${name}_scale`, [scaleName(table), indices], [`${name}_row_scales`]),
    node('Cast', `${name}_cast`, [`${name}_rows`], [`${name}_unscaled`], { to: DATA_TYPE.float }),
    node('Mul', `${name}_rescale`, [`${name}_unscaled`, `${name}_row_scales`], original.output),
  ];
}

function quantizeColumns(matrix: Tensor): [Tensor, Tensor] {
  const [rows = 0, columns = 0] = dims(matrix);
  const values = floats(matrix);
  const scales = new Float32Array(columns);
  values.forEach((value, at) => {
    scales[at % columns] = Math.max(scales[at % columns] ?? 0, Math.abs(value) / WEIGHT_LEVELS);
  });
  const rounded = Int8Array.from(values, (value, at) => Math.round(value / (scales[at % columns] || 1)));
  return [
    int8Tensor(quantizedName(matrix), [rows, columns], rounded),
    floatTensor(scaleName(matrix), [columns], scales),
  ];
}

function quantizeRows(table: Tensor): [Tensor, Tensor] {
  const [rows = 0, columns = 0] = dims(table);
  const values = floats(table);
  const scales = new Float32Array(rows);
  values.forEach((value, at) => {
    const row = Math.floor(at / columns);
    scales[row] = Math.max(scales[row] ?? 0, Math.abs(value) / TABLE_LEVELS);
  });
  const rounded = Int8Array.from(values, (value, at) =>
    Math.round(value / (scales[Math.floor(at / columns)] || 1)),
  );
  return [
    int8Tensor(quantizedName(table), [rows, columns], rounded),
    floatTensor(scaleName(table), [rows, 1], scales),
  ];
}
