import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { createExitGate, insideGate, shutGate } from '../../../src/engine/onnx/exit-gate.ts';

describe('exit gate', () => {
  test('lets native code run again and again until it is shut', async () => {
    const gate = createExitGate();
    expect(await insideGate(gate, async () => 1)).toBe(1);
    await expect(insideGate(gate, () => Promise.reject(new Error('native')))).rejects.toThrow('native');
    expect(await insideGate(gate, async () => 2)).toBe(2);
    shutGate(gate);
    await expect(insideGate(gate, async () => 3)).rejects.toThrow('The process is ending.');
  });

  test('shutting waits for who is inside', async () => {
    const gate = createExitGate();
    const out = new Int32Array(new SharedArrayBuffer(4));
    const module = new URL('../../../src/engine/onnx/exit-gate.ts', import.meta.url).href;
    const program = `
      const { parentPort, workerData } = require('node:worker_threads');
      import(${JSON.stringify(module)}).then(({ insideGate }) =>
        insideGate(workerData.gate, async () => {
          parentPort.postMessage('inside');
          Atomics.wait(workerData.out, 0, 0, 100);
          Atomics.store(workerData.out, 0, 1);
        }));`;
    const worker = new Worker(program, { eval: true, workerData: { gate, out } });
    await new Promise((resolve) => worker.once('message', resolve));
    shutGate(gate);
    expect(Atomics.load(out, 0)).toBe(1);
    await expect(insideGate(gate, async () => 0)).rejects.toThrow();
  });
});
