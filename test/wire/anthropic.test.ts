import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/shapes.ts';
import { anthropic } from '../../src/wire/anthropic.ts';

const encode = (body: JsonObject) => ({
  ...anthropic.encode(body, 'claude-x'),
  headers: anthropic.headers('k'),
});
const user = (content: Json) => ({ role: 'user', content });
const event = (data: JsonObject) => ({ event: String(data.type), data: JSON.stringify(data), id: undefined });

describe('encode', () => {
  test('sends the version and the key, and takes system messages out of the turns', () => {
    const { path, headers, body } = encode({
      model: 'ignored',
      messages: [
        { role: 'system', content: 'Be brief.' },
        user('Hi'),
        { role: 'developer', content: 'In French.' },
      ],
      temperature: 1.7,
      stop: 'END',
      stream: true,
      user: 'u1',
      seed: 5,
    });
    expect(path).toBe('/messages');
    expect(headers).toEqual({ 'anthropic-version': '2023-06-01', 'x-api-key': 'k' });
    expect(body).toEqual({
      model: 'claude-x',
      max_tokens: 4096,
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'In French.' },
      ],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      stream: true,
      temperature: 1,
      stop_sequences: ['END'],
      metadata: { user_id: 'u1' },
    });
  });

  test('translates tools, calls and results, and merges results into one turn', () => {
    const call = (id: string) => ({
      id,
      type: 'function',
      function: { name: 'look', arguments: `{"q":"${id}"}` },
    });
    const { body } = encode({
      messages: [
        user('Where?'),
        { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] },
        { role: 'tool', tool_call_id: 'a', content: 'one' },
        { role: 'tool', tool_call_id: 'b', content: 'two' },
      ],
      tools: [
        { type: 'function', function: { name: 'look', description: 'd', parameters: { type: 'object' } } },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
      max_tokens: 9,
    });
    const text = (t: string) => [{ type: 'text', text: t }];
    expect(body.messages).toEqual([
      { role: 'user', content: text('Where?') },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'look', input: { q: 'a' } },
          { type: 'tool_use', id: 'b', name: 'look', input: { q: 'b' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: text('one') },
          { type: 'tool_result', tool_use_id: 'b', content: text('two') },
        ],
      },
    ]);
    expect(body.tools).toEqual([{ name: 'look', description: 'd', input_schema: { type: 'object' } }]);
    expect(body.tool_choice).toEqual({ type: 'any', disable_parallel_tool_use: true });
    expect(body.max_tokens).toBe(9);
  });

  test('translates images, given as data or by address', () => {
    const image = (url: string) => ({ type: 'image_url', image_url: { url } });
    const { body } = encode({
      messages: [user([image('data:image/png;base64,AAAA'), image('https://x.example/i.png')])],
    });
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://x.example/i.png' } },
        ],
      },
    ]);
  });

  test.each<[string, JsonObject]>([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['messages[].content', { messages: [user([{ type: 'input_audio' }])] }],
  ])('refuses %s, which Anthropic cannot do, rather than dropping it', (param, more) => {
    const body = { messages: [user('x')], ...more };
    expect(() => encode(body)).toThrow(expect.objectContaining({ code: 'escalate_rejected', param }));
  });
});

describe('decode', () => {
  test('makes a completion of text, thinking and tool calls', () => {
    const completion = anthropic.decode({
      type: 'message',
      id: 'msg_1',
      model: 'claude-x',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Hello' },
        { type: 'tool_use', id: 't', name: 'look', input: { q: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, cache_read_input_tokens: 4, output_tokens: 5 },
    });
    expect(completion).toMatchObject({
      id: 'msg_1',
      object: 'chat.completion',
      model: 'claude-x',
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Hello',
            reasoning_content: 'Hm.',
            tool_calls: [{ id: 't', type: 'function', function: { name: 'look', arguments: '{"q":1}' } }],
          },
        },
      ],
      usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
    });
  });

  test('refuses what is no message', () => {
    expect(() => anthropic.decode({ type: 'error' })).toThrow('no message');
  });
});

describe('decodeStream', () => {
  const read = (events: readonly JsonObject[]) => {
    const decode = anthropic.decodeStream();
    const steps = events.map((data) => decode(event(data)));
    return { chunks: steps.flatMap(({ chunks }) => chunks), done: steps.at(-1)?.done };
  };

  test('passes on each event as it comes', () => {
    const { chunks, done } = read([
      {
        type: 'message_start',
        message: { id: 'm', model: 'c', usage: { input_tokens: 3, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'look' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"q"' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: ':1}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ]);
    const deltas = chunks.flatMap((chunk) =>
      (chunk.choices as { delta: JsonObject }[]).map(({ delta }) => delta),
    );
    expect(deltas).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'Hel' },
      { content: 'lo' },
      { tool_calls: [{ index: 0, id: 't', type: 'function', function: { name: 'look', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"q"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
      {},
    ]);
    expect(chunks.every((chunk) => chunk.id === 'm' && chunk.model === 'c')).toBe(true);
    expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 3, completion_tokens: 9, total_tokens: 12 });
    expect(done).toBe(true);
  });

  test('raises an error inside the stream', () => {
    expect(() => read([{ type: 'error', error: { type: 'overloaded_error', message: 'secret' } }])).toThrow(
      'an error inside the stream',
    );
  });
});
