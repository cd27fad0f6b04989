import { expect, test } from '@jest/globals';
import { escapeHtml } from '../../src/wire/html.ts';

test('what is not markup is not taken for it', () => {
  expect(escapeHtml('<b a="1">&')).toBe('&#60;b a=&#34;1&#34;&#62;&#38;');
  expect(escapeHtml("a='1'")).toBe('a=&#39;1&#39;');
});
