/**
 * The native tests (native/test) as the engine ships, on this processor. Under sanitizers and for 64-bit ARM they run in CI:
 * `npm run native:test -- address thread arm64`.
 */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const RUN_PROGRAM = fileURLToPath(new URL('../../native/test/run.mjs', import.meta.url));
/** To compile everything anew on two slow cores. */
const RUN_MS_MAX = 300_000;

const hasCompiler = ['c++', 'g++', 'clang++'].some(
  (command) => spawnSync(command, ['--version']).status === 0,
);

(hasCompiler ? test : test.skip)(
  `kernels, passes, loader and threads hold${hasCompiler ? '' : ' (SKIPPED: there is no C++ compiler)'}`,
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [RUN_PROGRAM, 'plain']);
    for (const program of ['kernels', 'encoder', 'adapter', 'model', 'pool'])
      expect(stdout).toContain(`plain: ${program}: passed`);
  },
  RUN_MS_MAX,
);
