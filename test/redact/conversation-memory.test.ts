import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ConversationMemory, type MemoryLimits } from '../../src/redact/conversation-memory.ts';
import type { Entry } from '../../src/redact/placeholder/vault.ts';
import type { Detection } from '../../src/shapes.ts';

const entry = (value: string, id = '482KQX917'): Entry => ({ kind: 'PERSON', part: '', id, value });
const opened: ConversationMemory[] = [];
function memoryOf(limits: Partial<MemoryLimits> = {}, clock = { now: () => 1 }): ConversationMemory {
  const memory = new ConversationMemory(limits, clock);
  opened.push(memory);
  return memory;
}
afterEach(() => {
  for (const memory of opened.splice(0)) memory.clear();
});
const values = (memory: ConversationMemory, conversation = 'c', tenant = 't') =>
  memory.open(tenant, conversation).known.map(({ value }) => value);

test('what a request adds is there for the next of its conversation, and for no other', () => {
  const memory = memoryOf();
  memory.open('t', 'c').keep([entry('Ann Lee')]);
  memory.open('t', 'c').keep([entry('Bo Ek', '111BBB111')]);
  expect(memory.open('t', 'c').entries).toEqual([entry('Ann Lee'), entry('Bo Ek', '111BBB111')]);
  expect(memory.open('t', 'c').known[0]).toEqual({ kind: 'PERSON', value: 'Ann Lee', score: 1 });
  expect(values(memory, 'd')).toEqual([]);
  expect(values(memory, 'c', 'u')).toEqual([]);
  // No two lists of names are written alike.
  expect(values(memory, '","c', 't')).toEqual([]);
});

test('two requests at a time lose nothing of each other', () => {
  const memory = memoryOf();
  const [first, second] = [memory.open('t', 'c'), memory.open('t', 'c')];
  first.keep([entry('Ann Lee')]);
  second.keep([entry('Bo Ek')]);
  expect(values(memory)).toEqual(['Ann Lee', 'Bo Ek']);
});

test('what was found is known, whether or not it was given a placeholder, and a placeholder is kept', () => {
  const memory = memoryOf();
  const text = 'Ann Lee and Bo Ek';
  const finding = { leaf: 0, kind: 'PERSON', score: 1, detector: 'names', view: 'raw' } as const;
  const detection: Detection = {
    leaves: [{ path: [], role: 'value', text }],
    findings: [
      { ...finding, start: 0, end: 7 },
      { ...finding, start: 12, end: 17 },
    ],
    kinds: {},
  };
  memory.open('t', 'c').found(detection);
  expect(values(memory)).toEqual(['Ann Lee', 'Bo Ek']);
  memory.open('t', 'c').keep([entry('Bo Ek')]);
  memory.open('t', 'c').found(detection);
  expect(memory.open('t', 'c').entries).toEqual([entry('Ann Lee', ''), entry('Bo Ek')]);
});

describe('is bounded', () => {
  test('in values and their length: the oldest go', () => {
    const memory = memoryOf({ values_max: 2 });
    for (const name of ['a', 'b', 'c', 'b']) memory.open('t', 'c').keep([entry(name)]);
    expect(values(memory)).toEqual(['c', 'b']);
    const short = memoryOf({ value_chars_max: 5 });
    short.open('t', 'c').keep([entry('aaaa'), entry('bbb'), entry('cc')]);
    expect(values(short)).toEqual(['bbb', 'cc']);
  });

  test('in conversations and bytes: the one used longest ago goes', () => {
    const memory = memoryOf({ conversations_max: 2 });
    for (const name of ['a', 'b']) memory.open('t', name).keep([entry(name)]);
    memory.open('t', 'a');
    memory.open('t', 'c').keep([entry('c')]);
    expect(['a', 'b', 'c'].map((name) => values(memory, name))).toEqual([['a'], [], ['c']]);
    const small = memoryOf({ bytes_max: 300 });
    for (const name of ['a', 'b', 'c', 'd']) small.open('t', name).keep([entry(name)]);
    expect(small.conversations).toBeLessThan(4);
    expect(values(small, 'd')).toEqual(['d']);
  });

  test('in time, from the last request on', () => {
    let now = 1;
    const memory = memoryOf({ idle_ms_max: 1_000 }, { now: () => now });
    memory.open('t', 'c').keep([entry('Ann Lee')]);
    now += 900;
    expect(values(memory)).toEqual(['Ann Lee']);
    now += 900;
    expect(values(memory)).toEqual(['Ann Lee']);
    now += 1_100;
    expect(values(memory)).toEqual([]);
  });
});

test('forgets what it is told to', () => {
  const memory = memoryOf();
  memory.open('t', 'c').keep([entry('Ann Lee')]);
  memory.forget('t', 'c');
  expect(values(memory)).toEqual([]);
});

test('shows nothing of itself', () => {
  const memory = memoryOf();
  memory.open('tenant', 'anna.lee').keep([entry('Ann Lee')]);
  for (const shown of [
    inspect(memory, { depth: 9, showHidden: true }),
    JSON.stringify({ memory }),
    `${memory}`,
  ]) {
    expect(shown).toContain('ConversationMemory(1)');
    expect(shown).not.toMatch(/ann/i);
  }
});
