/** Where the native engine's sources and binaries lie, and which sources a binary was made of. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const NATIVE_FOLDER = fileURLToPath(new URL('../../../native', import.meta.url));
/** Compiles the engine: a program of its own, as it runs before any of this works. */
export const BUILD_PROGRAM = join(NATIVE_FOLDER, 'build.mjs');
export const BINARY_FILE = 'tiergate.node';
/** This machine, in Node's words. */
export const PLATFORM = `${process.platform}-${process.arch}`;

const SOURCE_FOLDERS = ['addon', 'engine', 'kernels'];
const SOURCE_FILE = /\.(cc|h)$/;

/** What is known of a binary from where it was made. */
export interface BinaryRecord {
  readonly sha256: string;
  /** `sourceDigest` of what it was made of. */
  readonly sources: string;
  readonly compiler: string;
}

/** All files that are compiled, as paths from `native/`, in a fixed order. */
export function sourceFiles(folder = NATIVE_FOLDER): string[] {
  const files = SOURCE_FOLDERS.flatMap((name) =>
    readdirSync(join(folder, name)).map((file) => `${name}/${file}`),
  );
  return files.filter((file) => SOURCE_FILE.test(file)).sort();
}

/** SHA-256 over the sources and over the program that knows how each is compiled. */
export function sourceDigest(folder = NATIVE_FOLDER): string {
  const hash = createHash('sha256');
  for (const file of [...sourceFiles(folder), 'build.mjs']) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

export function sha256Of(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
