/** tiergate's own engine, through its addon as the server uses it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAddon, type NativeAddon } from '../../../src/engine/native-addon.ts';
import { BINARY_FILE, NATIVE_FOLDER, PLATFORM } from '../../../src/engine/native-sources.ts';
import { readSafetensors } from '../../../src/engine/safetensors.ts';
import type { Engine } from './contender.ts';

/** No deadline. */
const NEVER = 0;

/** @param kernel the one to run; by default the fastest that the processor has */
export function nativeEngine(pack: string, kernel: string | undefined): Engine {
  const addon = loadAddon(binary());
  const chosen = kernel ?? fastest(addon);
  return {
    name: 'tiergate',
    detail: `int4 weights of the model pack, kernel ${chosen}`,
    async open({ threads, lanes }) {
      const { encoder, pooling } = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8'));
      const engine = addon.createEngine({
        config: { ...encoder, pooling },
        tensors: readSafetensors(readFileSync(join(pack, 'model.safetensors'))),
        heads: [],
        kernel: chosen,
        threads: Math.max(threads, lanes),
      });
      return {
        encode: (ids) =>
          new Promise((resolve, reject) => {
            engine.encode(ids, Int32Array.of(ids.length), threads, NEVER, (problem, result) => {
              if (result === null) reject(new Error(problem ?? 'no result'));
              else resolve(result.vectors);
            });
          }),
        close: async () => engine.close(),
      };
    },
  };
}

function binary(): string {
  const places = ['build', 'prebuilt'].map((folder) => join(NATIVE_FOLDER, folder, PLATFORM, BINARY_FILE));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('The native engine is not built: node native/build.mjs');
  return found;
}

function fastest(addon: NativeAddon): string {
  return process.env.TIERGATE_KERNEL ?? addon.kernels().find(({ supported }) => supported)?.name ?? '';
}
