/** What an SDK is told about trying again. What goes out on the wire is tested with the server. */
import { expect, test } from '@jest/globals';
import { ERRORS, type ErrorCode, TiergateError } from '../../src/errors.ts';
import { failureHeaders } from '../../src/http/failure.ts';

test.each(Object.keys(ERRORS) as ErrorCode[])('%s says whether', (code) => {
  expect(failureHeaders(new TiergateError(code))).toEqual({
    'x-should-retry': String(ERRORS[code].retryable),
  });
});

test('and when, in whole seconds, where somebody knows', () => {
  const after = (retryAfterS: number) =>
    failureHeaders(new TiergateError('in_overloaded', { retryAfterS }))['retry-after'];
  expect([after(0.2), after(1), after(1.5), after(0)]).toEqual(['1', '1', '2', '0']);
});
