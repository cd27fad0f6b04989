/** Weights are found under their PyTorch names, however the file came about; what is wrong is said with its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeSafetensors } from '../../src/engine/pack/write-safetensors.ts';
import { createGraph, FLOAT } from '../../src/quantize/graph.ts';
import { decodeFloats } from '../../src/quantize/named-weights.ts';
import { floatTensor, type Node, node, valueInfo, writeModel } from '../../src/quantize/onnx-format.ts';
import { readOnnx } from '../../src/quantize/read-onnx.ts';
import { readSafetensors } from '../../src/quantize/read-safetensors.ts';
import { openSource } from '../../src/quantize/source.ts';
import { randomModel, writeSource } from './random-model.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-read-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const STORED = Float32Array.of(1, 2, 3, 4, 5, 6);
/** [out, in] of a matrix that stands as [in = 2, out = 3] in the file. */
const TURNED = [1, 4, 2, 5, 3, 6];

describe('ONNX', () => {
  function write(nodes: Node[], weights: Record<string, [number[], Float32Array]>): string {
    const file = join(folder, 'model.onnx');
    const model = {
      irVersion: 9,
      producerName: 'test',
      producerVersion: '1',
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'test',
        node: nodes,
        initializer: Object.entries(weights).map(([name, [shape, values]]) =>
          floatTensor(name, shape, values),
        ),
        input: [valueInfo('x', FLOAT, [1, 2])],
        output: [valueInfo('y', FLOAT, [1, 3])],
      },
    };
    writeFileSync(file, writeModel(model));
    return file;
  }
  const bias: [number[], Float32Array] = [[3], Float32Array.of(7, 8, 9)];
  const matrix: [number[], Float32Array] = [[2, 3], STORED];

  test('a renamed matrix is known by the bias that is added to its product, and turned back', () => {
    const file = write(
      [node('MatMul', 'any', ['x', 'onnx::MatMul_7'], ['p']), node('Add', 'sum', ['a.b.bias', 'p'], ['y'])],
      { 'onnx::MatMul_7': matrix, 'a.b.bias': bias },
    );
    expect(readOnnx(file).read('a.b.weight')).toEqual({ shape: [3, 2], data: Float32Array.from(TURNED) });
    expect([...readOnnx(file).read('a.b.bias').data]).toEqual([7, 8, 9]);
  });
  test('a renamed matrix without a bias is known by the path in the name of its node', () => {
    const file = write([node('MatMul', '/model/layers.0/attn/Wo/MatMul', ['x', 'onnx::MatMul_7'], ['y'])], {
      'onnx::MatMul_7': matrix,
    });
    expect([...readOnnx(file).read('model.layers.0.attn.Wo.weight').data]).toEqual(TURNED);
  });
  test('through a Transpose or a Gemm that turns, it stands as it was', () => {
    const whole: [number[], Float32Array] = [[3, 2], Float32Array.from(TURNED)];
    const turned = write(
      [node('Transpose', 't', ['a.weight'], ['w']), node('MatMul', 'm', ['x', 'w'], ['y'])],
      { 'a.weight': whole },
    );
    expect([...readOnnx(turned).read('a.weight').data]).toEqual(TURNED);
    const gemm = write([node('Gemm', 'g', ['x', 'a.weight', 'a.bias'], ['y'], { transB: 1 })], {
      'a.weight': whole,
      'a.bias': bias,
    });
    expect([...readOnnx(gemm).read('a.weight').data]).toEqual(TURNED);
  });
  test('a weight behind a cast or an identity is found', () => {
    const file = write(
      [
        node('Identity', 'i', ['w0'], ['w1']),
        node('MatMul', 'm', ['x', 'w1'], ['p']),
        node('Identity', 'j', ['a.bias'], ['b']),
        node('Add', 's', ['p', 'b'], ['y']),
      ],
      { w0: matrix, 'a.bias': bias },
    );
    expect([...readOnnx(file).read('a.weight').data]).toEqual(TURNED);
  });
  test('what is no model is refused', () => {
    writeFileSync(join(folder, 'bad.onnx'), 'not a model');
    expect(() => readOnnx(join(folder, 'bad.onnx'))).toThrow(/is no ONNX model/);
    writeFileSync(join(folder, 'empty.onnx'), createGraph().finish([], {}));
    expect(() => readOnnx(join(folder, 'empty.onnx'))).toThrow(/has no graph/);
  });
});

describe('safetensors', () => {
  const file = (): string => join(folder, 'model.safetensors');
  const tensor = { name: 'a', dtype: 'F32' as const, shape: [2, 3], bytes: new Uint8Array(STORED.buffer) };

  test('what was written is read; data begin at a multiple of 64, floats before bytes', () => {
    const bytes = { name: 'q', dtype: 'U8' as const, shape: [3], bytes: Uint8Array.of(1, 2, 3) };
    const written = writeSafetensors([bytes, tensor]);
    writeFileSync(file(), written.bytes);
    expect([...readSafetensors([file()]).read('a').data]).toEqual([...STORED]);
    expect(written.offsets.get('a')! % 64).toBe(0);
    expect(written.offsets.get('q')).toBe(written.offsets.get('a')! + 24);
    expect(() => readSafetensors([file()]).read('q')).toThrow(/is stored as U8/);
  });
  test('a model in several files is one', () => {
    writeFileSync(file(), writeSafetensors([tensor]).bytes);
    const other = join(folder, 'other.safetensors');
    writeFileSync(other, writeSafetensors([{ ...tensor, name: 'b' }]).bytes);
    expect([...readSafetensors([file(), other]).names]).toEqual(['a', 'b']);
  });
  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -1), /incomplete/],
    ['cut in its header', (bytes: Buffer) => bytes.subarray(0, 20), /incomplete/],
    [
      'with a length that is none',
      (bytes: Buffer) => Buffer.concat([Buffer.alloc(8, 255), bytes]),
      /too long/,
    ],
    [
      'with no JSON',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(bytes.length)]),
      /no JSON/,
    ],
  ])('a file %s is refused', (_, damage, message) => {
    writeFileSync(file(), damage(Buffer.from(writeSafetensors([tensor]).bytes)));
    expect(() => readSafetensors([file()])).toThrow(message);
  });
});

test('half precision of both kinds', () => {
  const bytes = new Uint8Array(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7bff, 0x8000).buffer);
  expect([...decodeFloats('F16', bytes, 5, 'x')]).toEqual([1, -2.5, 2 ** -24, 65504, -0]);
  const brain = new Uint8Array(Uint16Array.of(0x3f80, 0xc020, 0x4049).buffer);
  expect([...decodeFloats('BF16', brain, 3, 'x')]).toEqual([1, -2.5, 3.140625]);
  expect(() => decodeFloats('F16', bytes, 4, 'x')).toThrow(/tensor x holds 10 bytes/);
});

describe('a source that cannot be read says what is missing', () => {
  const open = (change: (source: ReturnType<typeof randomModel>) => ReturnType<typeof randomModel>) => {
    writeSource(folder, change(randomModel('bert')));
    return () => openSource(folder);
  };
  const withConfig = (fields: object) =>
    open((source) => ({ ...source, config: { ...source.config, ...fields } }));

  test('an unknown architecture', () => {
    expect(withConfig({ model_type: 't5' })).toThrow(/`model_type` t5; what can be read is bert, roberta/);
  });
  test('an activation that is not supported', () => {
    expect(withConfig({ hidden_act: 'relu' })).toThrow(/`hidden_act` is relu/);
  });
  test('a matrix of another shape than config.json says', () => {
    expect(withConfig({ intermediate_size: 128 })).toThrow(
      /intermediate.dense.weight` is \[96, 64\]; .* \[128, 64\]/,
    );
  });
  test('heads of a width that the engine does not take', () => {
    expect(withConfig({ num_attention_heads: 8 })).toThrow(/multiple of 16 wide/);
  });
  test('a missing tensor, by name', () => {
    const without = open((source) => {
      const weights = new Map(source.weights);
      weights.delete('bert.encoder.layer.1.output.dense.bias');
      return { ...source, weights };
    });
    expect(without).toThrow(/safetensors file has no tensor `bert.encoder.layer.1.output.dense.bias`/);
  });
  test('a weight that is no number', () => {
    const broken = open((source) => {
      const name = 'bert.encoder.layer.0.output.dense.weight';
      const tensor = source.weights.get(name)!;
      const data = tensor.data.slice();
      data[5] = Number.NaN;
      return { ...source, weights: new Map(source.weights).set(name, { ...tensor, data }) };
    });
    expect(broken).toThrow(/output.dense.weight` holds a number that is none \(at 5\)/);
  });
  test('no tokenizer, no weights, no folder', () => {
    writeSource(folder, randomModel('bert'));
    rmSync(join(folder, 'tokenizer.json'));
    expect(() => openSource(folder)).toThrow(/no tokenizer.json/);
    rmSync(join(folder, 'model.safetensors'));
    expect(() => openSource(folder)).toThrow(/has no weights/);
    expect(() => openSource(join(folder, 'nowhere'))).toThrow(/There is no/);
  });
});
