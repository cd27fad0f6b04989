/**
 * Reads, edits and writes ONNX models as plain objects. `onnx.proto` beside this file names the part of the format
 * that is kept.
 */
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** ONNX's numbers for the element types used here (onnx/onnx.proto, `TensorProto.DataType`). */
export const DATA_TYPE = { float: 1, int8: 3, int64: 7 } as const;
/** ONNX's numbers for the kinds of attributes used here (`AttributeProto.AttributeType`). */
const ATTRIBUTE_TYPE = { int: 2 } as const;

/** A 64-bit integer as protobufjs reads it: a `Long`, or a number where it was made here. */
type Int64 = number | { toString(): string };

export interface Tensor {
  name: string;
  dims: readonly Int64[];
  dataType: number;
  rawData: Uint8Array;
}
export interface Attribute {
  name: string;
  type: number;
  i?: Int64;
}
export interface Node {
  name: string;
  opType: string;
  input: string[];
  output: string[];
  attribute: Attribute[];
}
export interface ValueInfo {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: { dimValue?: Int64; dimParam?: string }[] } } };
}
export interface Model {
  irVersion: Int64;
  producerName: string;
  producerVersion: string;
  opsetImport: { domain: string; version: Int64 }[];
  graph: {
    name: string;
    node: Node[];
    initializer: Tensor[];
    input: ValueInfo[];
    output: ValueInfo[];
  };
}

const schema = protobuf
  .loadSync(fileURLToPath(new URL('./onnx.proto', import.meta.url)))
  .lookupType('onnx.ModelProto');

/** @throws Error when the bytes are no ONNX model. */
export function readModel(bytes: Uint8Array): Model {
  return schema.decode(bytes) as unknown as Model;
}

/** The same model always gives the same bytes. */
export function writeModel(model: Model): Uint8Array {
  return schema.encode(schema.fromObject(model)).finish();
}

export function dims(tensor: Tensor): number[] {
  return tensor.dims.map(Number);
}

/** A float tensor's values. @throws Error when they are not stored as raw float32. */
export function floats(tensor: Tensor): Float32Array {
  const count = dims(tensor).reduce((product, dim) => product * dim, 1);
  if (tensor.dataType !== DATA_TYPE.float || tensor.rawData.length !== count * 4) {
    throw new Error(`Tensor ${tensor.name} does not hold raw float32 values.`);
  }
  // Copied, because protobuf bytes are not aligned to four.
  return new Float32Array(Uint8Array.from(tensor.rawData).buffer);
}

export function floatTensor(name: string, shape: readonly number[], values: Float32Array): Tensor {
  return { name, dims: shape, dataType: DATA_TYPE.float, rawData: bytesOf(values) };
}

export function int8Tensor(name: string, shape: readonly number[], values: Int8Array): Tensor {
  return { name, dims: shape, dataType: DATA_TYPE.int8, rawData: bytesOf(values) };
}

export function node(
  opType: string,
  name: string,
  input: string[],
  output: string[],
  ints: Readonly<Record<string, number>> = {},
): Node {
  const attribute = Object.entries(ints).map(([key, i]) => ({ name: key, type: ATTRIBUTE_TYPE.int, i }));
  return { name, opType, input, output, attribute };
}

function bytesOf(values: Float32Array | Int8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
