/** The tagger on onnxruntime: one window after another, on a thread of its own. */
import type { TaggerPack } from '../pack/tagger-pack.ts';
import type { TaggerRuns } from '../tagger.ts';
import { floatsIn, startOnnxRuns } from './onnx-runs.ts';

/** @throws Error when the graph is no model */
export async function startOnnxTagger(
  { config, graphFile, labels }: TaggerPack,
  threads: number,
): Promise<TaggerRuns> {
  const runs = startOnnxRuns(threads);
  const model = await runs.load(graphFile);
  return {
    engine: 'onnxruntime',
    tag: async (windows, signal) => {
      const tokens = windows.reduce((sum, { length }) => sum + length, 0);
      const logits = new Float32Array(tokens * labels.length);
      let at = 0;
      for (const window of windows) {
        signal?.throwIfAborted();
        const numbers = (of: (token: number) => number) => ({
          shape: [1, window.length],
          data: BigInt64Array.from(window, (token) => BigInt(of(token))),
        });
        const output = await model.run({
          input_ids: numbers((token) => token % config.vocabulary),
          features: numbers((token) => Math.trunc(token / config.vocabulary)),
        });
        logits.set(floatsIn(output, 'logits'), at);
        at += window.length * labels.length;
      }
      return logits;
    },
    close: async () => {
      await model.release();
      await runs.close();
    },
  };
}
