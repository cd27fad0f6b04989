/** onnxruntime on a thread of its own, because `session.run` blocks the thread that calls it. The other side: onnx.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSession, type SessionSettings } from './onnx-session.ts';

const contender = await openSession(workerData as SessionSettings);
parentPort?.on('message', async (ids: Int32Array | null) => {
  if (ids === null) {
    await contender.close();
    parentPort?.close();
    return;
  }
  const vector = await contender.encode(ids);
  parentPort?.postMessage(vector, [vector.buffer as ArrayBuffer]);
});
parentPort?.postMessage('ready');
