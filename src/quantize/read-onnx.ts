/**
 * Finds the weights of an ONNX encoder under the names that they had in PyTorch. Exporters keep most names, but turn the
 * matrix of a MatMul around and call it `onnx::MatMul_1525`; what it was is told by the bias that is added next, or by
 * the path in the node's own name.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FloatTensor } from './encoder-model.ts';
import { decodeFloats, elementCount, type FloatKind, type NamedWeights, transpose } from './named-weights.ts';
import { DATA_TYPE, dims, EXTERNAL, type Model, type Node, readModel, type Tensor } from './onnx-format.ts';

const FLOAT_KINDS: Readonly<Record<number, FloatKind>> = {
  [DATA_TYPE.float]: 'F32',
  [DATA_TYPE.float16]: 'F16',
  [DATA_TYPE.bfloat16]: 'BF16',
};
/** Operators that change the form of a weight, never its meaning. */
const PASSING = ['Identity', 'Cast'];

/** @throws Error when the file is no ONNX model */
export function readOnnx(path: string): NamedWeights {
  const graph = openGraph(path);
  const found = new Map<string, () => FloatTensor>();
  for (const [name, tensor] of graph.weights) {
    if (FLOAT_KINDS[tensor.dataType] !== undefined) found.set(name, () => graph.read(tensor));
  }
  for (const node of graph.model.graph.node) {
    const matrix = matrixOf(node, graph);
    if (matrix === null) continue;
    const name = pytorchName(node, matrix.name, graph);
    found.set(name, () => (matrix.turned ? transpose(graph.read(matrix)) : graph.read(matrix)));
  }
  return {
    kind: 'ONNX model',
    names: new Set(found.keys()),
    read(name) {
      const read = found.get(name);
      if (read === undefined) throw new Error(`The ONNX model has no tensor ${name}.`);
      return read();
    },
  };
}

interface OnnxGraph {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, Tensor>;
  /** The weight behind a value, if it is one: through casts and the like. */
  weightBehind(value: string): Tensor | undefined;
  producerOf(value: string): Node | undefined;
  consumersOf(value: string): readonly Node[];
  read(tensor: Tensor): FloatTensor;
}

function openGraph(path: string): OnnxGraph {
  const model = parse(path);
  const { node: nodes, initializer } = model.graph;
  const weights = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  for (const { opType, output, attribute } of nodes) {
    const value = attribute.find(({ name }) => name === 'value')?.t;
    const [name] = output;
    if (opType === 'Constant' && value && name !== undefined) weights.set(name, { ...value, name });
  }
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const consumers = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const name of node.input) consumers.set(name, [...(consumers.get(name) ?? []), node]);
  }
  const graph: OnnxGraph = {
    model,
    weights,
    producerOf: (value) => producers.get(value),
    consumersOf: (value) => consumers.get(value) ?? [],
    weightBehind(value) {
      const weight = weights.get(value);
      if (weight !== undefined) return weight;
      const producer = producers.get(value);
      return producer !== undefined && PASSING.includes(producer.opType)
        ? graph.weightBehind(producer.input[0] ?? '')
        : undefined;
    },
    read: (tensor) => readTensor(path, tensor),
  };
  return graph;
}

function parse(path: string): Model {
  try {
    const model = readModel(readFileSync(path));
    if (model.graph.node.length > 0) return model;
  } catch (cause) {
    throw new Error(`${path} is no ONNX model.`, { cause });
  }
  throw new Error(`${path} is no ONNX model: it has no graph.`);
}

type MatrixUse = Tensor & { readonly turned: boolean };

/** The weight matrix that a node multiplies by, and whether it stands as [in, out] instead of [out, in]. */
function matrixOf(node: Node, graph: OnnxGraph): MatrixUse | null {
  const operand = node.input[1] ?? '';
  if (node.opType !== 'MatMul' && node.opType !== 'Gemm') return null;
  const flag = node.attribute.find(({ name }) => name === 'transB')?.i;
  const isTurned = node.opType === 'MatMul' || Number(flag ?? 0) === 0;
  const direct = graph.weightBehind(operand);
  if (direct !== undefined && dims(direct).length === 2) return { ...direct, turned: isTurned };
  const producer = graph.producerOf(operand);
  const behind = producer?.opType === 'Transpose' ? graph.weightBehind(producer.input[0] ?? '') : undefined;
  return behind !== undefined && dims(behind).length === 2 ? { ...behind, turned: !isTurned } : null;
}

/** `a.b.query.weight`, from the matrix's own name, the bias's, or that of the node: `/a/b/query/MatMul`. */
function pytorchName(node: Node, matrix: string, graph: OnnxGraph): string {
  if (matrix.endsWith('.weight')) return matrix;
  const biases = [
    node.opType === 'Gemm' ? graph.weightBehind(node.input[2] ?? '') : undefined,
    ...graph
      .consumersOf(node.output[0] ?? '')
      .filter(({ opType }) => opType === 'Add')
      .flatMap(({ input }) => input.map(graph.weightBehind)),
  ];
  const bias = biases.find((tensor) => tensor?.name.endsWith('.bias'));
  if (bias !== undefined) return bias.name.replace(/bias$/, 'weight');
  const path = node.name.split('/').filter((part) => part !== '');
  return [...path.slice(0, -1), 'weight'].join('.');
}

function readTensor(path: string, tensor: Tensor): FloatTensor {
  const kind = FLOAT_KINDS[tensor.dataType];
  if (kind === undefined) throw new Error(`The tensor ${tensor.name} of ${path} is not stored as floats.`);
  const shape = dims(tensor);
  const count = elementCount(shape);
  if (kind === 'F32' && tensor.floatData?.length === count && count > 0) {
    return { shape, data: Float32Array.from(tensor.floatData) };
  }
  const bytes = tensor.dataLocation === EXTERNAL ? readExternal(path, tensor) : tensor.rawData;
  return { shape, data: decodeFloats(kind, bytes, count, tensor.name) };
}

function readExternal(path: string, tensor: Tensor): Uint8Array {
  const entries = new Map((tensor.externalData ?? []).map(({ key, value }) => [key, value]));
  const location = entries.get('location') ?? '';
  if (location === '' || basename(location) !== location) {
    throw new Error(`${path} wants the data of ${tensor.name} from elsewhere than its own folder.`);
  }
  const offset = Number(entries.get('offset') ?? 0);
  return readFileSync(join(dirname(path), location)).subarray(
    offset,
    offset + Number(entries.get('length') ?? 0),
  );
}
