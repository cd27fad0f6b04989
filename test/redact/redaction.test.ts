import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDetect } from '../../src/detect/detect.ts';
import { EVERYTHING } from '../../src/policy/personal-rules.ts';
import { createRedact } from '../../src/redact/redact.ts';
import { redactToShow } from '../../src/redact/redaction.ts';
import type { JsonObject, PersonalRules } from '../../src/shapes.ts';

const detect = createDetect();
async function shown(document: JsonObject, rules: PersonalRules = EVERYTHING) {
  const detection = await detect(document, rules);
  const about = { rules, tenant: 'acme', conversation: 'c', requestId: 'r' };
  return redactToShow(createRedact({ secret: 's' }), { ...about, document, detection });
}

test('shows the document as it would leave, and each finding with what stands in its place', async () => {
  const text = 'Write to ann@example.com, card 4111 1111 1111 1111.';
  const { document, findings } = await shown({ text });
  expect(findings.map(({ kind, path, role }) => ({ kind, path, role }))).toEqual([
    { kind: 'EMAIL_ADDRESS', path: ['text'], role: 'value' },
    { kind: 'CREDIT_CARD', path: ['text'], role: 'value' },
  ]);
  expect(findings.map(({ start, end }) => text.slice(start, end))).toEqual([
    'ann@example.com',
    '4111 1111 1111 1111',
  ]);
  const [mail, card] = findings.map(({ replacement }) => replacement);
  expect(mail).toContain('EMAIL_ADDRESS');
  expect(document).toEqual({ text: `Write to ${mail}, card ${card}.` });
});

test('what was found in a document in a string is shown in that string', async () => {
  const inner = '{ "to\\u003a": ["x", "\\u0061nn@example.com"], "ssn": 536904399 }';
  const { findings } = await shown({ messages: [{ content: inner }] });
  expect(findings.map(({ path, role, start, end }) => [path, role, inner.slice(start, end)])).toEqual([
    [['messages', 0, 'content'], 'value', '\\u0061nn@example.com'],
    [['messages', 0, 'content'], 'value', '536904399'],
  ]);
});

test('keys and numbers of the document are told as such', async () => {
  const { findings } = await shown({ metadata: { 'ann@example.com': 'x', ssn: 536904399 } });
  expect(findings.map(({ path, role, start, end }) => ({ path, role, start, end }))).toEqual([
    { path: ['metadata', 'ann@example.com'], role: 'key', start: 0, end: 15 },
    { path: ['metadata', 'ssn'], role: 'number', start: 0, end: 9 },
  ]);
});

test('what is masked or dropped is shown as such', async () => {
  const rules = (action: 'mask' | 'drop'): PersonalRules => ({ ...EVERYTHING, action: () => action });
  const document = { text: 'Write to ann@example.com now' };
  const masked = await shown(document, rules('mask'));
  const [{ replacement } = { replacement: '' }] = masked.findings;
  expect(replacement).toContain('EMAIL');
  expect(masked.document.text).toBe(`Write to ${replacement} now`);
  const dropped = await shown(document, rules('drop'));
  expect(dropped.findings).toMatchObject([{ start: 9, end: 24, replacement: '' }]);
  expect(dropped.document.text).toBe('Write to now');
});

test('nothing found: the document itself', async () => {
  const document = { text: 'Hello' };
  expect(await shown(document)).toEqual({ document, findings: [] });
});

test('in any text, spans are in order and apart, and the replacements in their place make what leaves', async () => {
  const value = fc.constantFrom('ann@example.com', '4111 1111 1111 1111', '+44 20 7946 0958', '536-90-4399');
  const piece = fc.oneof(value, fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constant(' – '));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      // A word before it: this text holds no document.
      const text = `So ${pieces.join(' ')}`;
      const { document, findings } = await shown({ text });
      let read = 0;
      let made = '';
      for (const { start, end, replacement } of findings) {
        expect(start).toBeGreaterThanOrEqual(read);
        expect(end).toBeGreaterThan(start);
        made += text.slice(read, start) + replacement;
        read = end;
      }
      expect(document.text).toBe(made + text.slice(read));
    }),
    { numRuns: 100 },
  );
});
