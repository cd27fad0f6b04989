/** The rows of a policy's lists: what is left alone, what is always hidden, what its own patterns find. */
import type { CustomKind, EntityKind } from '../../personal-kinds.ts';
import { isCustomKind } from '../kinds.ts';
import type { Place, Reader } from '../reader.ts';
import { suggest } from '../suggestion.ts';
import type { AllowedRow } from './allowed.ts';
import type { CustomPattern } from './custom.ts';
import type { DeniedValue } from './denied.ts';
import { matchesOf, type Pattern, readPattern, VALUE_CHARS_MAX } from './patterns.ts';

/** Nothing shorter is searched for. */
const VALUE_CHARS_MIN = 3;
const BECAUSE_CHARS_MAX = 500;
const WORDS_MAX = 30;
const WORD_CHARS_MAX = 60;

/** @param kinds those that the policy speaks of */
export function readAllow(place: Place, kinds: readonly EntityKind[], reader: Reader): AllowedRow[] {
  return reader.list(place, '`allow`').map((row) => {
    if (reader.isText(row)) return { values: [readValue(row, reader)], pattern: null, kinds: null };
    const section = reader.section(row, 'a row of `allow`', ['value', 'pattern', 'kinds', 'because']);
    readBecause(section.get('because'), reader);
    const [value, pattern, only] = [section.get('value'), section.get('pattern'), section.get('kinds')];
    if ((value === undefined) === (pattern === undefined)) {
      reader.report(row, 'A row of `allow` has either a `value` or a `pattern`.');
    }
    const what = 'a kind of personal data that is searched for';
    return {
      values: value ? reader.list(value, '`value`').map((item) => readValue(item, reader)) : [],
      pattern: pattern ? readPattern(pattern, reader) : null,
      kinds: only ? new Set(reader.words(only, 'kinds', what, kinds)) : null,
    };
  });
}

/** @param kinds the built-in ones; a row may name a kind of the organisation's own beside them */
export function readDeny(place: Place, kinds: readonly EntityKind[], reader: Reader): DeniedValue[] {
  return reader.list(place, '`deny`', { single: false }).flatMap((row) => {
    const section = reader.section(row, 'a row of `deny`', ['value', 'kind', 'because']);
    readBecause(section.get('because'), reader);
    const value = reader.required(section, 'value', row, 'A row of `deny`');
    const at = reader.required(section, 'kind', row, 'A row of `deny`');
    const values = value ? reader.list(value, '`value`').map((item) => readValue(item, reader)) : [];
    const kind = at && readKind(at, kinds, reader);
    return kind === null ? [] : values.map((value) => ({ value, kind }));
  });
}

export function readCustom(place: Place, reader: Reader): CustomPattern[] {
  const what = 'A row of `custom`';
  return reader.list(place, '`custom`', { single: false }).flatMap((row) => {
    const keys = ['kind', 'pattern', 'context', 'examples', 'counterexamples', 'because'];
    const section = reader.section(row, 'a row of `custom`', keys);
    readBecause(section.get('because'), reader);
    const kindAt = reader.required(section, 'kind', row, what);
    const patternAt = reader.required(section, 'pattern', row, what);
    const context = section.get('context');
    const words = context ? readWords(context, reader) : null;
    const kind = kindAt && readCustomKind(kindAt, reader);
    const pattern = patternAt && readPattern(patternAt, reader);
    if (kind === null || pattern === null) return [];
    checkExamples(pattern, section.get('examples'), section.get('counterexamples'), reader);
    return [{ kind, pattern, context: words }];
  });
}

function readBecause(place: Place | undefined, reader: Reader): void {
  if (place) reader.text(place, '`because`', BECAUSE_CHARS_MAX);
}

function readValue(place: Place, reader: Reader): string {
  const value = reader.text(place, 'A value', VALUE_CHARS_MAX);
  if (value !== '' && (value.length < VALUE_CHARS_MIN || !/[\p{L}\p{N}]/u.test(value))) {
    reader.report(
      place,
      `A value has at least ${VALUE_CHARS_MIN} characters, one of them a letter or a digit.`,
    );
  }
  return value;
}

function readKind(place: Place, kinds: readonly EntityKind[], reader: Reader): EntityKind | null {
  const word = reader.text(place, '`kind`', WORD_CHARS_MAX);
  if (word === '') return null;
  if (word.startsWith('CUSTOM')) return readCustomKind(place, reader);
  const known = kinds.find((kind) => kind === word);
  if (known === undefined) {
    const own = 'A kind of your own begins with CUSTOM_.';
    reader.report(place, `\`${word}\` is not a kind of personal data.`, suggest(word, kinds) ?? own);
  }
  return known ?? null;
}

function readCustomKind(place: Place, reader: Reader): CustomKind | null {
  const word = reader.text(place, '`kind`', WORD_CHARS_MAX);
  if (isCustomKind(word)) return word;
  if (word !== '') {
    reader.report(
      place,
      'A kind of your own is `CUSTOM_` and capital letters, with single `_` between words, up to 32 characters.',
      'Such as `CUSTOM_EMPLOYEE_ID`.',
    );
  }
  return null;
}

/** The words as whole words, in capitals or not. */
function readWords(place: Place, reader: Reader): RegExp | null {
  const items = reader.list(place, '`context`');
  if (items.length > WORDS_MAX) reader.report(place, `\`context\` names more than ${WORDS_MAX} words.`);
  const words = items.flatMap((item) => reader.text(item, 'A word of `context`', WORD_CHARS_MAX) || []);
  if (words.length === 0) return null;
  const escaped = words.map((word) =>
    word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(/\s+/g, '\\s'),
  );
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
}

function checkExamples(
  pattern: Pattern,
  examples: Place | undefined,
  counterexamples: Place | undefined,
  reader: Reader,
): void {
  const each = (place: Place | undefined, key: string, check: (text: string, at: Place) => void): void => {
    if (!place) return;
    for (const at of reader.list(place, `\`${key}\``)) {
      const text = reader.text(at, `A text of \`${key}\``, VALUE_CHARS_MAX);
      if (text !== '') check(text, at);
    }
  };
  each(examples, 'examples', (text, at) => {
    const isWhole = matchesOf(pattern, text).some(({ start, end }) => start === 0 && end === text.length);
    if (!isWhole) reader.report(at, 'The pattern does not find this example as a whole.');
  });
  each(counterexamples, 'counterexamples', (text, at) => {
    if (matchesOf(pattern, text).length > 0)
      reader.report(at, 'The pattern finds something in this counterexample.');
  });
}
