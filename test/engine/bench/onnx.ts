/** onnxruntime: on the caller's thread for one text at a time, where it is fastest; on a thread per text for several. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { compiled } from './compile.ts';
import type { Contender, Engine } from './contender.ts';
import { openSession, type SessionSettings } from './onnx-session.ts';

interface OnnxSettings {
  readonly name: string;
  readonly detail: string;
  readonly modelFile: string;
  /** Where to find the benchmark's own builds, to run as on a processor that has AVX2 and nothing newer. */
  readonly avx2Cache?: string;
}

export function onnxEngine({ name, detail, modelFile, avx2Cache }: OnnxSettings): Engine {
  return {
    name,
    detail: avx2Cache === undefined ? detail : `${detail}, processor masked to AVX2`,
    open({ threads, lanes }) {
      const masked = avx2Cache === undefined ? {} : maskedRuntime(avx2Cache);
      const settings: SessionSettings = { modelFile, threads, ...masked };
      return lanes === 1 ? openSession(settings) : openThreads(settings, lanes);
    },
  };
}

async function openThreads(settings: SessionSettings, lanes: number): Promise<Contender> {
  const workers = Array.from(
    { length: lanes },
    () => new Worker(new URL('./onnx-thread.ts', import.meta.url), { workerData: settings }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const free = [...workers];
  return {
    async encode(ids) {
      const worker = free.pop();
      if (worker === undefined) throw new Error('More texts at once than lanes.');
      const answered = once(worker, 'message');
      worker.postMessage(ids);
      const [vector] = await answered;
      free.push(worker);
      return vector;
    },
    async close() {
      await Promise.all(
        workers.map((worker) => {
          const ended = once(worker, 'exit');
          worker.postMessage(null);
          return ended;
        }),
      );
    },
  };
}

const CPUID = 0xa2;
const UD2 = 0x0b;

/**
 * A copy of onnxruntime whose `cpuid` instructions are answered by native/bench/cpuid-mask.cc, because it has no switch
 * for its kernels. Linux on x86-64, with objdump.
 */
function maskedRuntime(cache: string): { runtime: string; preload: string } {
  const preload = compiled('cpuid-mask.cc', ['-shared', '-fPIC'], cache);
  const original = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const { version } = JSON.parse(readFileSync(join(original, 'package.json'), 'utf8'));
  const runtime = join(cache, `onnxruntime-node-${version}-avx2`);
  if (existsSync(runtime)) return { runtime, preload };
  const draft = `${runtime}.${process.pid}`;
  const binaries = 'bin/napi-v6/linux/x64';
  for (const part of ['package.json', 'dist', binaries]) {
    cpSync(join(original, part), join(draft, part), { recursive: true });
  }
  const file = join(draft, binaries, 'libonnxruntime.so.1');
  writeFileSync(file, withTraps(file));
  renameSync(draft, runtime);
  return { runtime, preload };
}

function withTraps(file: string): Uint8Array {
  const megabytes = 1 << 20;
  const run = (flags: string[], pattern: RegExp): RegExpMatchArray[] => {
    const text = execFileSync(
      'sh',
      ['-c', `objdump ${flags.join(' ')} "$0" | grep -E '${pattern.source}'`, file],
      {
        encoding: 'utf8',
        maxBuffer: megabytes,
      },
    );
    return [...text.matchAll(new RegExp(pattern, 'gm'))];
  };
  // The place of the code in memory and in the file: name, size, address, load address, offset.
  const [section] = run(['-h'], /^ *[0-9]+ \.text +[0-9a-f]+ +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+)/);
  const shift = Number.parseInt(section?.[2] ?? '', 16) - Number.parseInt(section?.[1] ?? '', 16);
  const bytes = readFileSync(file);
  for (const [, address = ''] of run(['-d', '--no-show-raw-insn'], /^ *([0-9a-f]+):.*cpuid.*$/)) {
    const at = Number.parseInt(address, 16) + shift;
    if (bytes[at] !== 0x0f || bytes[at + 1] !== CPUID) throw new Error(`No cpuid at ${at} of ${file}.`);
    bytes[at + 1] = UD2;
  }
  return bytes;
}
