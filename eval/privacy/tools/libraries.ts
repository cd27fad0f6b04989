/**
 * Three JavaScript libraries that hide personal data, to compare with. They are no dependencies: npm puts them into the
 * cache when the bench first asks for them.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Span, Tool } from './tool.ts';

const VERSIONS = { 'redact-pii': '3.4.0', openredaction: '1.1.5', compromise: '14.17.0' } as const;
const INSTALL_WAIT_MS_MAX = 300_000;

/**
 * Installs what is not there yet, and opens all three with what they have by default.
 * @param folder where they are kept
 * @throws Error when npm cannot install them
 */
export async function openLibraries(folder: string): Promise<Tool[]> {
  const wanted = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  if (!Object.keys(VERSIONS).every((name) => existsSync(join(folder, 'node_modules', name)))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    await promisify(execFile)('npm', ['install', ...flags, ...wanted], {
      cwd: folder,
      timeout: INSTALL_WAIT_MS_MAX,
    });
  }
  const open = createRequire(join(folder, 'package.json'));
  return [
    redactPii(open('redact-pii') as RedactPii),
    openRedaction(open('openredaction') as OpenRedaction),
    compromise(open('compromise') as Compromise),
  ];
}

interface RedactPii {
  readonly SyncRedactor: new (options: { globalReplaceWith: string }) => { redact(text: string): string };
}

/** It tells no places, so what is left between its marks is looked for in the text, in order. */
function redactPii({ SyncRedactor }: RedactPii): Tool {
  const MARK = '\uE000';
  const redactor = new SyncRedactor({ globalReplaceWith: MARK });
  return {
    name: 'redact-pii',
    async spansOf(text) {
      return gaps(text, redactor.redact(text).split(MARK));
    },
  };
}

/** What of a text is not in the pieces that are left of it. */
export function gaps(text: string, pieces: readonly string[]): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const [at, piece] of pieces.entries()) {
    const found =
      at === pieces.length - 1 ? text.length - piece.length : text.indexOf(piece, end + (at === 0 ? 0 : 1));
    const start = Math.max(found, end);
    if (at > 0 && start > end) spans.push({ start: end, end: start, kind: 'ANY' });
    end = start + piece.length;
  }
  return spans;
}

interface OpenRedaction {
  readonly OpenRedaction: new () => {
    detect(text: string): Promise<{ detections: { type: string; position: [number, number] }[] }>;
  };
}

function openRedaction({ OpenRedaction }: OpenRedaction): Tool {
  const redactor = new OpenRedaction();
  return {
    name: 'openredaction',
    async spansOf(text) {
      const { detections } = await redactor.detect(text);
      return detections.map(({ type, position: [start, end] }) => ({ start, end, kind: type }));
    },
  };
}

interface Found {
  json(options: { offset: true }): { offset: { start: number; length: number } }[];
}
type Kinds = 'people' | 'places' | 'organizations' | 'emails' | 'phoneNumbers';
type Compromise = (text: string) => Record<Kinds, () => Found>;

function compromise(nlp: Compromise): Tool {
  const kinds: readonly Kinds[] = ['people', 'places', 'organizations', 'emails', 'phoneNumbers'];
  return {
    name: 'compromise',
    async spansOf(text) {
      const read = nlp(text);
      return kinds.flatMap((kind) =>
        read[kind]()
          .json({ offset: true })
          .map(({ offset: { start, length } }) => ({ start, end: start + length, kind })),
      );
    },
  };
}
