/**
 * Reads and writes ONNX models as plain objects. `onnx.proto` beside this file names the part of the format that is
 * kept.
 */
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** ONNX's numbers for the element types used here (onnx/onnx.proto, `TensorProto.DataType`). */
export const DATA_TYPE = {
  float: 1,
  uint8: 2,
  int8: 3,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;
/** ONNX's numbers for the kinds of attributes used here (`AttributeProto.AttributeType`). */
const ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 } as const;
/** `TensorProto.DataLocation`: the data stand in a file beside the model. */
export const EXTERNAL = 1;

/** A 64-bit integer as protobufjs reads it: a `Long`, or a number where it was made here. */
type Int64 = number | { toString(): string };

export interface Tensor {
  name: string;
  dims: readonly Int64[];
  dataType: number;
  rawData: Uint8Array;
  /** Some exporters store small tensors this way instead. */
  floatData?: number[];
  dataLocation?: number;
  /** `location` (a file name), `offset` and `length`, in bytes. */
  externalData?: { key: string; value: string }[];
}
export interface Attribute {
  name: string;
  type: number;
  i?: Int64;
  f?: number;
  ints?: Int64[];
  t?: Tensor | null;
}
export interface Node {
  name: string;
  opType: string;
  /** Empty: ONNX's own operators. */
  domain?: string;
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

export function int64Tensor(name: string, shape: readonly number[], values: readonly number[]): Tensor {
  return {
    name,
    dims: shape,
    dataType: DATA_TYPE.int64,
    rawData: bytesOf(BigInt64Array.from(values, BigInt)),
  };
}

/** A tensor whose bytes stand at `offset` of the file `location`, which lies beside the model. */
export function externalTensor(
  name: string,
  shape: readonly number[],
  dataType: number,
  place: { readonly location: string; readonly offset: number; readonly length: number },
): Tensor {
  const externalData = Object.entries(place).map(([key, value]) => ({ key, value: String(value) }));
  return { name, dims: shape, dataType, rawData: new Uint8Array(), dataLocation: EXTERNAL, externalData };
}

export function node(
  opType: string,
  name: string,
  input: string[],
  output: string[],
  ints: Readonly<Record<string, number>> = {},
): Node {
  const attribute = Object.entries(ints).map(([key, i]) => intAttribute(key, i));
  return { name, opType, input, output, attribute };
}

export function intAttribute(name: string, i: number): Attribute {
  return { name, type: ATTRIBUTE_TYPE.int, i };
}

export function floatAttribute(name: string, f: number): Attribute {
  return { name, type: ATTRIBUTE_TYPE.float, f };
}

export function intsAttribute(name: string, ints: readonly number[]): Attribute {
  return { name, type: ATTRIBUTE_TYPE.ints, ints: [...ints] };
}

export function valueInfo(name: string, elemType: number, shape: readonly (number | string)[]): ValueInfo {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function bytesOf(values: Float32Array | Int8Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
