import { expect, test } from '@jest/globals';
import type { TiergateError } from '../../src/errors.ts';
import type { Json } from '../../src/shapes.ts';
import { readChatRequest } from '../../src/wire/chat-request.ts';
import { readRedactRequest } from '../../src/wire/redact-request.ts';

const head = { requestId: 'req_1' };
const messages = [{ role: 'user', content: 'Hello' }];

test('a text, some texts, a chat request: all that is to be searched, and no more', () => {
  const named = { ...head, conversation: 'mine' };
  expect(readRedactRequest({ text: 'a', id: 7 }, head)).toEqual({
    form: 'text',
    document: { text: 'a' },
    conversation: 'req_1',
  });
  expect(readRedactRequest({ texts: ['a', ''], id: 7 }, named)).toEqual({
    form: 'texts',
    document: { text: ['a', ''] },
    conversation: 'mine',
  });
  const body = { messages, user: 'ann@example.com' };
  expect(readRedactRequest(body, head)).toMatchObject({ form: 'messages', document: body });
});

test('a chat request is of the conversation that it would be of', () => {
  const body = { model: 'tiergate-auto', messages };
  const { conversation } = readChatRequest(body, head);
  expect(readRedactRequest({ messages }, head).conversation).toBe(conversation);
  expect(readRedactRequest(body, { ...head, conversation: 'mine' }).conversation).toBe('mine');
});

test.each<[Json, string]>([
  [[], 'body'],
  [{}, 'text'],
  [{ text: 1 }, 'text'],
  [{ text: null }, 'text'],
  [{ texts: 'a' }, 'texts'],
  [{ texts: ['a', 1] }, 'texts[1]'],
  [{ text: 'a', texts: [] }, 'texts'],
  [{ text: 'a', messages }, 'messages'],
  [{ messages: [] }, 'messages'],
  [{ messages, model: 1 }, 'model'],
  [{ messages: [{ role: 'user', content: 1 }] }, 'messages[0].content'],
])('%j is refused, with the field at fault', (body, param) => {
  const read = (): unknown => readRedactRequest(body, head);
  let thrown: unknown;
  try {
    read();
  } catch (error) {
    thrown = error;
  }
  expect({ code: (thrown as TiergateError).code, param: (thrown as TiergateError).param }).toEqual({
    code: 'in_body_invalid',
    param,
  });
});
