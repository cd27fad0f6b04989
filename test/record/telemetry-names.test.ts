import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as semconv from '@opentelemetry/semantic-conventions/incubating';
import { ATTRIBUTES, METRICS, SEMCONV, SEMCONV_METRICS } from '../../src/record/telemetry-names.ts';

const conventions: Readonly<Record<string, unknown>> = semconv;

describe('names of OpenTelemetry’s conventions are those of its package', () => {
  test.each(Object.entries(SEMCONV))('%s', (key, name) => {
    expect(conventions[`ATTR_${key}`]).toBe(name);
  });
  test.each(Object.entries(SEMCONV_METRICS))('%s', (key, name) => {
    expect(conventions[`METRIC_${key}`]).toBe(name);
  });
});

test('tiergate’s own names are in its namespace and nowhere in the conventions', () => {
  const taken = new Set(Object.values(conventions));
  for (const name of [...Object.values(ATTRIBUTES), ...Object.values(METRICS)]) {
    expect(name).toMatch(/^tiergate(\.[a-z]+)+$/);
    expect(taken.has(name)).toBe(false);
  }
});

test('docs/observability.md lists every name, and no other of tiergate’s', () => {
  const docs = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  const own = new Set<string>([...Object.values(ATTRIBUTES), ...Object.values(METRICS)]);
  const all = [...own, ...Object.values(SEMCONV), ...Object.values(SEMCONV_METRICS)];
  expect(all.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  const listed = [...docs.matchAll(/`(tiergate\.[a-z.]+)`/g)].map((match) => match[1] ?? '');
  expect(listed.filter((name) => !own.has(name))).toEqual([]);
});
