import { globSync, readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { asTiergateError, ERRORS, type ErrorCode, errorBody, TiergateError } from '../src/errors.ts';
import { STAGES } from '../src/shapes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const codes = Object.keys(ERRORS) as ErrorCode[];
/** The door comes before the stages, the decision log after the answer. */
const PREFIXES = ['in', ...STAGES, 'record'];
const CODE = `(?:${PREFIXES.join('|')})_[a-z0-9_]+`;
/** Words that look like a code and are something else: a condition of the policy, a log event's name. */
const OTHERS = ['in_scope'];

describe('the table', () => {
  test.each(codes)('%s begins with a stage', (code) => {
    expect(PREFIXES).toContain(code.split('_')[0]);
  });

  test.each(codes)('%s has a status that exists and fits whose fault it is', (code) => {
    const { status, blame } = ERRORS[code];
    expect(STATUS_CODES[status]).toBeDefined();
    const fitting = {
      caller: status >= 400 && status < 500,
      policy: status === 403,
      // A model server's fault is never a 500: that would be ours.
      upstream: [429, 502, 504].includes(status),
      gateway: [429, 500, 502, 503].includes(status),
    };
    expect(fitting[blame]).toBe(true);
  });

  test.each(codes)('%s says what happened and what to do in whole sentences', (code) => {
    for (const sentence of [ERRORS[code].message, ERRORS[code].next]) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('has no two rows with the same words', () => {
    const words = codes.map((code) => ERRORS[code].message);
    expect(new Set(words).size).toBe(words.length);
  });
});

describe('the code', () => {
  const files = globSync('src/**/*.ts', { cwd: ROOT }).filter((file) => file !== join('src', 'errors.ts'));
  const used = new Set(
    files.flatMap((file) => [...read(file).matchAll(new RegExp(`'(${CODE})'`, 'g'))].map(([, code]) => code)),
  );

  test('uses every code', () => {
    expect(codes.filter((code) => !used.has(code))).toEqual([]);
  });
  test('uses no other', () => {
    expect(
      [...used].filter((word) => !OTHERS.includes(word ?? '') && !codes.some((one) => one === word)),
    ).toEqual([]);
  });
});

describe('the docs', () => {
  const ROW = /^\| `(\w+)` \| (\d+) \| (\w+) \| (yes|no) \| (.+) \| (.+) \|$/gm;
  const rows = [...read('docs/errors.md').matchAll(ROW)].map((match) => match.slice(1));

  test('docs/errors.md has exactly the rows of the table', () => {
    const wanted = codes.map((code) => {
      const { status, blame, retryable, message, next } = ERRORS[code];
      return [code, String(status), blame, retryable ? 'yes' : 'no', message, next];
    });
    expect(rows.toSorted()).toEqual(wanted.toSorted());
  });

  test('each row stands under its stage', () => {
    const sections = read('docs/errors.md').split(/^## /m);
    for (const section of sections) {
      const under = [...section.matchAll(ROW)].map(([, code]) => code?.split('_')[0]);
      expect(under).toEqual(under.map(() => section.split(':')[0]));
    }
  });

  test('no page speaks of a code that does not exist', () => {
    const pages = globSync(['docs/*.md', '*.md'], { cwd: ROOT });
    const unknown = pages.flatMap((page) =>
      [...read(page).matchAll(new RegExp(`[\`"](${CODE})[\`"]`, 'g'))]
        .map(([, word]) => word ?? '')
        .filter((word) => !OTHERS.includes(word) && !codes.some((code) => code === word)),
    );
    expect(unknown).toEqual([]);
  });
});

describe('TiergateError', () => {
  test('says what the table says', () => {
    const error = new TiergateError('in_not_found');
    expect(error).toMatchObject({
      message: ERRORS.in_not_found.message,
      param: null,
      row: ERRORS.in_not_found,
    });
  });

  test('gives the application the words of the table, and none of the detail or the cause', () => {
    const error = new TiergateError('escalate_rejected', {
      param: 'context_length_exceeded',
      detail: 'status 400',
      cause: new Error('canary'),
    });
    const { message, next } = ERRORS.escalate_rejected;
    expect(errorBody(error)).toEqual({
      error: {
        message: `${message} ${next}`,
        type: 'invalid_request_error',
        code: 'escalate_rejected',
        param: 'context_length_exceeded',
      },
    });
  });

  test('stays what it is; anything else that is thrown becomes the given code, its words kept inside', () => {
    const error = new TiergateError('in_not_found');
    expect(asTiergateError(error, 'respond_failed')).toBe(error);
    const thrown = new Error('canary');
    const made = asTiergateError(thrown, 'respond_failed');
    expect(made).toMatchObject({ code: 'respond_failed', cause: thrown });
    expect(JSON.stringify(errorBody(made))).not.toContain('canary');
  });
});
