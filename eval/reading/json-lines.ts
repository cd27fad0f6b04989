/** Reads JSON Lines: one object a line. */
import { readFileSync, statSync } from 'node:fs';

const BYTES_MAX = 268_435_456;

export type Fields = Readonly<Record<string, unknown>>;

/** @throws Error naming the file and the line at fault */
export function readJsonLines(file: string): Fields[] {
  if (statSync(file).size > BYTES_MAX) throw new Error(`${file} is larger than ${BYTES_MAX} bytes.`);
  return readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [parse(line, `${file}:${at + 1}`)]));
}

function parse(line: string, place: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place} is no JSON.`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Error(`${place} is no object.`);
}
