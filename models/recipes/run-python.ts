/** Runs a program that learns with PyTorch, its progress on this terminal. */
import { execFileSync } from 'node:child_process';

/** glibc gives large blocks back at once, and gets them anew with every layer. */
const KEEP_MEMORY = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 31),
  // Idle threads that spin take the processor from those that work.
  GOMP_SPINCOUNT: '1000',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** @throws Error when it fails */
export function runPython(python: string, program: string, given: readonly string[]): void {
  execFileSync(python, [program, ...given], { stdio: 'inherit', env: { ...process.env, ...KEEP_MEMORY } });
}
