import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/shapes.ts';
import { readChatRequest } from '../../src/wire/chat-request.ts';

const user = (content: Json) => ({ role: 'user', content });
const read = (body: Json) => readChatRequest(body, { requestId: 'req_1' });
const chat = (more: Record<string, Json>) => ({ model: 'tiergate-auto', messages: [user('hi')], ...more });

describe('readChatRequest', () => {
  test.each<[string, Json, string | null]>([
    ['an array', [], 'body'],
    ['null', null, 'body'],
    ['no model', { messages: [user('hi')] }, 'model'],
    ['a numeric model', chat({ model: 5 }), 'model'],
    ['no messages', { model: 'm' }, 'messages'],
    ['messages as an object', chat({ messages: {} }), 'messages'],
    ['no message at all', chat({ messages: [] }), 'messages'],
    ['a message that is text', chat({ messages: ['hi'] }), 'messages[0]'],
    ['a message without a role', chat({ messages: [{ content: 'hi' }] }), 'messages[0].role'],
    ['numeric content', chat({ messages: [user('hi'), user(5)] }), 'messages[1].content'],
    ['a part without a type', chat({ messages: [user([{ text: 'hi' }])] }), 'messages[0].content[0]'],
    [
      'a text part with a number',
      chat({ messages: [user([{ type: 'text', text: 1 }])] }),
      'messages[0].content[0].text',
    ],
    ['stream as text', chat({ stream: 'yes' }), 'stream'],
    ['stream options as text', chat({ stream_options: 'yes' }), 'stream_options'],
  ])('refuses %s and names the field', (_name, body, param) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'in_body_invalid', param }));
  });

  test('keeps the body as it is, fields it has never heard of included', () => {
    const body = chat({ temperature: 0.2, seed: 7, a_field_from_2031: { deep: [1] } });
    expect(read(body).body).toBe(body);
  });

  test('classifies the text of the last user message', () => {
    const messages = [
      { role: 'system', content: 'be brief' },
      user('first'),
      { role: 'assistant', content: 'answer' },
      user([
        { type: 'text', text: 'second' },
        { type: 'image_url', image_url: { url: 'x' } },
        { type: 'text', text: 'third' },
      ]),
      { role: 'tool', tool_call_id: '1', content: 'result' },
    ];
    expect(read(chat({ messages })).text).toBe('second\nthird');
    expect(read(chat({ messages: [{ role: 'system', content: 's' }] })).text).toBe('');
  });

  test.each<[string, Record<string, Json>, string[]]>([
    ['nothing special', {}, []],
    ['tools', { tools: [{ type: 'function' }] }, ['tools']],
    ['no tools', { tools: [] }, []],
    ['a tool result', { messages: [user('x'), { role: 'tool', content: 'y' }] }, ['tools']],
    ['structured output', { response_format: { type: 'json_schema' } }, ['structured_output']],
    ['plain output', { response_format: { type: 'text' } }, []],
    ['choices and logprobs', { n: 2, logprobs: true }, ['logprobs', 'several_choices']],
    ['an image', { messages: [user([{ type: 'image_url', image_url: { url: 'x' } }])] }, ['images']],
  ])('sees that the request needs %s', (_name, more, features) => {
    expect(read(chat(more)).features).toEqual(features);
  });

  test('counts the text of messages, tools and tool calls, and no picture', () => {
    const tokens = (more: Record<string, Json>) => read(chat(more)).promptTokens;
    const base = tokens({});
    const fn = { name: 'find', description: 'x'.repeat(4000), parameters: { type: 'object' } };
    const call = { name: 'find', arguments: JSON.stringify({ text: 'y'.repeat(4000) }) };
    const asked = (more: Record<string, Json>) => ({
      messages: [user('hi'), { role: 'assistant', content: null, ...more }],
    });
    expect(base).toBe(1);
    for (const more of [
      { tools: [{ type: 'function', function: fn }] },
      { functions: [fn] },
      asked({ tool_calls: [{ id: 'c', type: 'function', function: call }] }),
      asked({ function_call: call }),
      { messages: [user('hi'), { role: 'tool', tool_call_id: 'c', content: 'z'.repeat(4000) }] },
    ]) {
      expect(tokens(more) - base).toBeGreaterThanOrEqual(1000);
      expect(tokens(more) - base).toBeLessThan(1050);
    }
    const image_url = { url: `data:image/png;base64,${'A'.repeat(4000)}` };
    expect(
      tokens({
        messages: [
          user([
            { type: 'text', text: 'hi' },
            { type: 'image_url', image_url },
          ]),
        ],
      }),
    ).toBe(base);
  });

  test('a conversation keeps its name as it goes on, and another beginning has another name', () => {
    const one = [{ role: 'system', content: 's' }, user('hello')];
    const later = [...one, { role: 'assistant', content: 'hi' }, user('more')];
    const name = (messages: Json) => read(chat({ messages })).conversation;
    expect(name(later)).toBe(name(one));
    expect(name([user('hello')])).not.toBe(name(one));
    expect(readChatRequest(chat({}), { requestId: 'r', conversation: 'ticket-7' }).conversation).toBe(
      'ticket-7',
    );
  });
});
