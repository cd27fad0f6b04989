/**
 * llama.cpp, through node-llama-cpp: installed from npm into the benchmark's cache on first use, with the prebuilt
 * binary that npm has for this platform, so that it is no dependency of the project.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Contender, type Engine, normalised, type OpenOptions } from './contender.ts';

const VERSION = '3.22.1';
/** A text must be shorter than the context. Tokens. */
const CONTEXT_TOKENS = 544;
/** Its flash attention is faster from here on, and slower below: it gets whichever suits the text. Tokens. */
const FLASH_ATTENTION_FROM_TOKENS = 64;

/** What is used of node-llama-cpp. */
interface NodeLlamaCpp {
  readonly LlamaLogLevel: { readonly error: unknown };
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      createEmbeddingContext(options: object): Promise<EmbeddingContext>;
    }>;
    dispose(): Promise<void>;
  }>;
}
interface EmbeddingContext {
  getEmbeddingFor(ids: number[]): Promise<{ readonly vector: readonly number[] }>;
}

/** @param avx2Only run the backend for Haswell, though the processor can do more */
export function llamaEngine(ggufFile: string, cache: string, avx2Only: boolean): Engine {
  return {
    name: 'llama.cpp',
    detail: `Q4_0, node-llama-cpp ${VERSION}, flash attention where it is faster${avx2Only ? ', its backend for Haswell' : ''}`,
    open: (options) => open(ggufFile, install(cache, avx2Only), options),
  };
}

/** @returns the folder of the package */
function install(cache: string, avx2Only: boolean): string {
  const folder = join(cache, `node-llama-cpp-${VERSION}`);
  const inside = join('node_modules', 'node-llama-cpp');
  if (!existsSync(join(folder, inside, 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const platform = { linux: `linux-${process.arch}`, darwin: MAC[process.arch] }[
      process.platform as string
    ];
    // Without its optional packages (gigabytes of CUDA) and without its script, which would fetch sources.
    const packages = [
      `node-llama-cpp@${VERSION}`,
      `@node-llama-cpp/${platform ?? `win-${process.arch}`}@${VERSION}`,
    ];
    const flags = ['--ignore-scripts', '--omit=optional', '--omit=peer', '--no-audit', '--no-fund'];
    process.stderr.write(`Installing ${packages.join(' and ')} into the cache\n`);
    execFileSync('npm', ['install', ...flags, ...packages], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
  }
  if (!avx2Only) return join(folder, inside);
  const copy = `${folder}-avx2`;
  if (!existsSync(copy)) {
    cpSync(folder, copy, { recursive: true });
    const backends = join(copy, 'node_modules/@node-llama-cpp/linux-x64/bins/linux-x64');
    for (const file of readdirSync(backends)) {
      if (file.startsWith('libggml-cpu-') && !file.includes('haswell')) rmSync(join(backends, file));
    }
  }
  return join(copy, inside);
}

const MAC: Readonly<Record<string, string>> = { arm64: 'mac-arm64-metal', x64: 'mac-x64' };

async function open(ggufFile: string, folder: string, { threads, lanes }: OpenOptions): Promise<Contender> {
  const { getLlama, LlamaLogLevel } = (await import(
    pathToFileURL(join(folder, 'dist/index.js')).href
  )) as NodeLlamaCpp;
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    maxThreads: 0,
  });
  // Each with contexts of its own, because the choice cannot be made from text to text.
  const [plain, flash] = await Promise.all(
    [false, true].map(async (flashAttention) => {
      const model = await llama.loadModel({
        modelPath: ggufFile,
        defaultContextFlashAttention: flashAttention,
      });
      const contexts: EmbeddingContext[] = [];
      for (let lane = 0; lane < lanes; lane += 1) {
        contexts.push(
          await model.createEmbeddingContext({
            contextSize: CONTEXT_TOKENS,
            batchSize: CONTEXT_TOKENS,
            threads,
          }),
        );
      }
      return contexts;
    }),
  );
  return {
    async encode(ids) {
      const free = ids.length < FLASH_ATTENTION_FROM_TOKENS ? plain : flash;
      const context = free?.pop();
      if (context === undefined) throw new Error('More texts at once than lanes.');
      const { vector } = await context.getEmbeddingFor(Array.from(ids));
      free?.push(context);
      return normalised(vector);
    },
    close: () => llama.dispose(),
  };
}
