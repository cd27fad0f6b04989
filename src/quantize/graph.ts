/** Puts an ONNX graph together, node by node. */
import {
  DATA_TYPE,
  floatAttribute,
  floatTensor,
  int64Tensor,
  intAttribute,
  intsAttribute,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
  writeModel,
} from './onnx-format.ts';

/** LayerNormalization is of 17, Gelu of 20. */
const OPSET = 20;
const IR_VERSION = 9;
/** onnxruntime's own operators; among them MatMulNBits, a multiplication by packed integers. */
export const CONTRIBUTED = 'com.microsoft';

/** An attribute's kind in ONNX: whole number, list of whole numbers, or float. */
type AttributeValue = number | readonly number[] | { readonly float: number };

export interface Graph {
  /** Adds an operator. @returns the name of its (first) output */
  add(
    opType: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, AttributeValue>>,
    more?: { readonly domain?: string; readonly outputs?: number },
  ): string;
  /** Further outputs of an operator, by the name of its first. */
  other(first: string, at: number): string;
  /** A small list of whole numbers. */
  whole(...values: readonly number[]): string;
  /** One float. */
  number(value: number): string;
  /** Takes a tensor in, once. @returns its name */
  weight(tensor: Tensor): string;
  floats(name: string, shape: readonly number[], values: Float32Array): string;
  /** The model's bytes, without nodes and tensors that no output needs. */
  finish(inputs: readonly ValueInfo[], outputs: Readonly<Record<string, ValueInfo>>): Uint8Array;
}

export function createGraph(): Graph {
  const nodes: Node[] = [];
  const tensors = new Map<string, Tensor>();
  const weight = (tensor: Tensor): string => {
    if (!tensors.has(tensor.name)) tensors.set(tensor.name, tensor);
    return tensor.name;
  };
  const other = (first: string, at: number): string => `${first}.${at}`;
  return {
    add(opType, inputs, attributes = {}, { domain = '', outputs = 1 } = {}) {
      const name = `${opType}_${nodes.length}`;
      nodes.push({
        name,
        opType,
        domain,
        input: [...inputs],
        output: Array.from({ length: outputs }, (_, at) => (at === 0 ? name : other(name, at))),
        attribute: Object.entries(attributes).map(([key, value]) =>
          typeof value === 'number'
            ? intAttribute(key, value)
            : 'float' in value
              ? floatAttribute(key, value.float)
              : intsAttribute(key, value),
        ),
      });
      return name;
    },
    other,
    whole: (...values) => weight(int64Tensor(`whole_${values.join('_')}`, [values.length], values)),
    number: (value) => weight(floatTensor(`number_${value}`, [], Float32Array.of(value))),
    weight,
    floats: (name, shape, values) => weight(floatTensor(name, shape, values)),
    finish(inputs, outputs) {
      const named = Object.keys(outputs).map((value, at) => ({
        name: `output_${at}`,
        opType: 'Identity',
        input: [value],
        output: [outputs[value]?.name ?? ''],
        attribute: [],
      }));
      return writeModel(modelOf([...nodes, ...named], tensors, inputs, Object.values(outputs)));
    },
  };
}

function modelOf(
  nodes: readonly Node[],
  tensors: ReadonlyMap<string, Tensor>,
  input: readonly ValueInfo[],
  output: readonly ValueInfo[],
): Model {
  const needed = new Set(output.map(({ name }) => name));
  const kept = nodes
    .toReversed()
    .filter((node) => {
      if (!node.output.some((name) => needed.has(name))) return false;
      for (const name of node.input) needed.add(name);
      return true;
    })
    .reverse();
  return {
    irVersion: IR_VERSION,
    producerName: 'tiergate',
    producerVersion: '1',
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: CONTRIBUTED, version: 1 },
    ],
    graph: {
      name: 'encoder',
      node: kept,
      initializer: [...tensors.values()].filter(({ name }) => needed.has(name)),
      input: [...input],
      output: [...output],
    },
  };
}

export const FLOAT = DATA_TYPE.float;
export const INT64 = DATA_TYPE.int64;
