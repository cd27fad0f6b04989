/** Which words speak of a value. */
import { describe, expect, test } from '@jest/globals';
import { Before, Context, RIGHT_BEFORE, wordsOf } from '../../../src/detect/said/context.ts';
import { Subject } from '../../../src/detect/subject.ts';
import type { Step } from '../../../src/shapes.ts';

const WORDS = wordsOf('ssn', 'social security', 'ф', '番号');
const VALUE = '536904399';

/** The words around the first `VALUE` of a text. */
const contextIn = (text: string, path: readonly Step[] = []): Context => {
  const start = text.indexOf(VALUE);
  return new Context(new Before(new Subject(text, path), start), start + VALUE.length);
};
const isSaid = (text: string, path: readonly Step[] = []): boolean => contextIn(text, path).says(WORDS);

describe('a word speaks of a value', () => {
  test.each([
    `SSN ${VALUE}`,
    `my ssn: ${VALUE}`,
    `SSNs ${VALUE}`,
    `socialSecurityNumber=${VALUE}`,
    `social_security_no ${VALUE}`,
    `Social-Security ${VALUE}`,
    `番号${VALUE}`,
    `SSN \uFDD0, ${VALUE}`,
    `SSNs: \uFDD0 \uFDD0, \uFDD0 and \uFDD0 ${VALUE}`,
    `SSN \uFDD0 for \uFDD0 and ${VALUE}`,
    `since 2019 my SSN is ${VALUE}`,
    `${VALUE} (SSN)`,
    `${VALUE} is my SSN`,
    `${VALUE} SSN`,
    `it is ${VALUE}, SSN.`,
    `a,ssn\n1,${VALUE}`,
  ])('%s', (text) => {
    expect(isSaid(text)).toBe(true);
  });

  test('that is in the name of its field', () => {
    expect(isSaid(VALUE, ['user', 'ssnNumber'])).toBe(true);
    expect(isSaid(VALUE, ['user', 'name'])).toBe(false);
  });
});

describe('a word does not speak of a value', () => {
  test.each([
    ['inside of a longer word', `lessn ${VALUE}`],
    ['that goes on', `ssntool ${VALUE}`],
    ['before another number', `SSN 219099999, ${VALUE}`],
    ['before a value found already', `SSN \uFDD0 so ${VALUE}`],
    ['too far away', `SSN ${'so '.repeat(40)}${VALUE}`],
    ['behind it, in another sentence', `${VALUE} is here. SSN`],
    ['behind it, of another number', `${VALUE} SSN: 219099999`],
    ['behind it, of something else', `${VALUE} so my SSN is safe`],
    ['where another word numbers the value', `SSN? No. Order number ${VALUE}`],
  ])('%s', (_where, text) => {
    expect(isSaid(text)).toBe(false);
  });
});

test('numbers of other things are known by the word right before, or their field', () => {
  expect(contextIn(`Order no. ${VALUE}`).other).toBe('thing');
  expect(contextIn(`Invoice #${VALUE}`).other).toBe('thing');
  expect(contextIn(`Agent: what is the order number?\nCustomer: ${VALUE}`).other).toBe('thing');
  expect(contextIn(VALUE, ['order_id']).other).toBe('thing');
  expect(contextIn(`Customer no. ${VALUE}`).other).toBe('person');
  expect(contextIn(VALUE, ['memberId']).other).toBe('person');
  expect(contextIn(`in order to say ${VALUE}`).other).toBeUndefined();
});

test.each(['Customer', 'User', 'Member', 'Client', '[10:32] Jane Doe', '**Customer**'])(
  'a speaker’s label numbers nothing: %s',
  (label) => {
    expect(contextIn(`${label}: ${VALUE}`).other).toBeUndefined();
    expect(isSaid(`Agent: what is your SSN?\n${label}: ${VALUE}`)).toBe(true);
    expect(contextIn(`Agent: SSN?\n\n${label}: ${VALUE}`).says(wordsOf(`ssn${RIGHT_BEFORE}`))).toBe(true);
  },
);

test.each(['user', 'customer', 'employee'])('nor does a field of a role: %s', (key) => {
  expect(contextIn(VALUE, [key]).other).toBeUndefined();
});
