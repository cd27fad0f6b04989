/** tiergate's own engine, through its addon as the server uses it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNative } from '../../../src/engine/native/binary.ts';
import { readSafetensors } from '../../../src/engine/pack/safetensors.ts';
import type { Engine } from './contender.ts';

/** No deadline. */
const NEVER = 0;

/**
 * @param kernel the one to run; '' for the fastest that works here
 * @throws Error when there is none
 */
export async function nativeEngine(pack: string, kernel: string, cache: string): Promise<Engine> {
  const found = await findNative({ kernel, trialsFile: join(cache, 'trials.json') });
  return {
    name: 'tiergate',
    detail: `int4 weights of the model pack, kernel ${found.kernel}`,
    async open({ threads, lanes }) {
      const { encoder, pooling } = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8'));
      const engine = found.addon.createEngine({
        config: { ...encoder, pooling },
        tensors: readSafetensors(readFileSync(join(pack, 'model.safetensors'))),
        heads: [],
        kernel: found.kernel,
        threads: Math.max(threads, lanes),
      });
      return {
        encode: (ids) =>
          new Promise((resolve, reject) => {
            engine.encode(ids, Int32Array.of(ids.length), threads, NEVER, null, (problem, result) => {
              if (result === null) reject(new Error(problem ?? 'no result'));
              else resolve(result.vectors);
            });
          }),
        close: async () => engine.close(),
      };
    },
  };
}
