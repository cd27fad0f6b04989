/**
 * The shape of the code, held as tests: ARCHITECTURE.md draws it, this keeps it true.
 */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAGES = [
  'authenticate',
  'detect',
  'classify',
  'decide',
  'answer',
  'redact',
  'escalate',
  'handoff',
  'record',
];

/** Rooms from left to right: a room may import those to its left, and itself. Rooms of one step never meet. */
const STEPS: readonly (readonly string[])[] = [
  ['personal-kinds'],
  ['shapes', 'errors', 'literals', 'turns'],
  ['placeholder-form'],
  ['wire', 'settings', 'statistics'],
  ['engine', 'policy', 'upstream'],
  STAGES,
  ['trip'],
  ['journey', 'quantize', 'train', 'guarantee'],
  ['http', 'cli'],
  ['assemble'],
  ['first-screen'],
  ['main'],
];
const LINES_MAX = 300;
/** Tables: a row more is a line more, and a table is read by looking a row up. */
const TABLES = ['src/errors.ts', 'src/shapes.ts'];

const files = globSync('src/**/*.ts', { cwd: ROOT }).sort();
const source = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
const roomOf = (file: string): string => (file.split('/')[1] ?? '').replace(/\.ts$/, '');
const stepOf = (room: string): number => STEPS.findIndex((rooms) => rooms.includes(room));

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|new URL\('(\.[^']+\.ts)'/g;
function importsOf(file: string): string[] {
  const found = [...(source.get(file) ?? '').matchAll(IMPORT)];
  return found.map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
const localImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, join(ROOT, dirname(file), name)));

describe('imports', () => {
  test('are seen at all', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(100);
  });

  test('every file is in a known room', () => {
    expect(files.filter((file) => stepOf(roomOf(file)) < 0)).toEqual([]);
  });

  test('go one way: only to the left', () => {
    const wrong = files.flatMap((file) =>
      localImportsOf(file)
        .filter((target) => roomOf(target) !== roomOf(file) && stepOf(roomOf(target)) >= stepOf(roomOf(file)))
        // The error table and the values that travel stand side by side; settings and wire do not meet.
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('make no cycle, not even inside a room', () => {
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file))
        throw new Error(`cycle: ${[...way.slice(way.indexOf(file)), file].join(' → ')}`);
      if (done.has(file)) return;
      for (const target of localImportsOf(file)) visit(target, [...way, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  test.each([
    ['undici', ['src/upstream/transport.ts']],
    ['node:dns', ['src/upstream/egress.ts']],
    ['express', ['src/http/']],
    ['onnxruntime-node', ['src/engine/']],
    ['node:sqlite', ['src/handoff/', 'src/guarantee/feedback-store.ts', 'src/record/open-log.ts']],
    ['@opentelemetry/', ['src/record/']],
    ['libphonenumber-js', ['src/detect/']],
    ['re2js', ['src/policy/personal/patterns.ts']],
  ])('%s is known in one place only', (name, places) => {
    const users = files.filter((file) => importsOf(file).some((imported) => imported.startsWith(name)));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
  });
});

describe('promises that the text of the code can show', () => {
  const filesWith = (pattern: RegExp): string[] =>
    files.filter((file) => pattern.test(source.get(file) ?? ''));

  test('only redact/ makes a RedactedInquiry', () => {
    expect(filesWith(/as (unknown as )?RedactedInquiry|<RedactedInquiry>/)).toEqual(['src/redact/redact.ts']);
  });
  test('only main and the tools see the environment, and settings.ts reads it', () => {
    expect(filesWith(/process\.env/).filter((file) => !file.startsWith('src/cli/'))).toEqual(['src/main.ts']);
  });
  test('the transport is made where the guard is put in front of it', () => {
    expect(filesWith(/createHttpTransport\(/)).toEqual([
      'src/assemble/egress.ts',
      'src/upstream/transport.ts',
    ]);
  });
  test('nothing fetches behind the back of the transport', () => {
    const calls = /\b(fetch|https?\.request|net\.connect)\(|\bnew (WebSocket|EventSource|XMLHttpRequest)\b/;
    const modules = /(from |import\()'node:(https|http2|tls|dgram|child_process)'/;
    const clients =
      /import [^;]*\b(request|get|connect|createConnection|Socket|Agent)\b[^;]* from 'node:(http|net)'/;
    // Tries a native binary in a process that may crash, and calls a compiler.
    const starters = ['src/engine/native/binary.ts'];
    expect([calls, modules, clients].flatMap(filesWith)).toEqual(starters);
  });
  test('no barrels, no drawers', () => {
    expect(files.filter((file) => /\/(index|utils?|helpers?|common|misc|types)(\.ts|\/)/.test(file))).toEqual(
      [],
    );
  });
  test('no escape from the type checker', () => {
    expect(filesWith(/:\s*any\s*[;,)=[\]|>{]|\bas any\b|@ts-(ignore|expect-error)|biome-ignore/)).toEqual([]);
  });
  test(`no file is longer than ${LINES_MAX} lines`, () => {
    const long = files.filter((file) => (source.get(file) ?? '').split('\n').length > LINES_MAX + 1);
    expect(long.filter((file) => !TABLES.includes(file))).toEqual([]);
  });
});
