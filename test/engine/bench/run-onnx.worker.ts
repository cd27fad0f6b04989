/** Runs an ONNX model once, on a thread of its own: onnxruntime cannot live in the test runner's sandbox. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const session = await InferenceSession.create(workerData.model);
const feeds = Object.fromEntries(
  workerData.inputs.map(
    ({
      name,
      type,
      values,
      shape,
    }: {
      name: string;
      type: 'float32' | 'int64';
      values: never;
      shape: number[];
    }) => [name, new Tensor(type, values, shape)],
  ),
);
const outputs = await session.run(feeds);
parentPort?.postMessage(Object.values(outputs)[0]?.data);
