import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createHandoff, politeAnswer } from '../../src/handoff/handoff.ts';
import { type HandoffQueue, openQueue } from '../../src/handoff/queue.ts';
import type { Caller, Classification, Inquiry, JsonObject } from '../../src/shapes.ts';

const caller: Caller = { keyId: 'k1', tenant: 'acme', scopes: ['chat'] };
const labels: Classification = {
  status: 'classified',
  intent: 'fraud',
  confidence: 0.9,
  inScope: 0.9,
  urgency: 'critical',
  urgencyConfidence: 0.8,
  difficulty: 0.5,
  injection: null,
  language: 'en',
  tokens: 5,
  windows: 1,
  truncated: false,
};
const inquiry = (stream: boolean, more: JsonObject = {}): Inquiry => {
  const messages = [{ role: 'user', content: 'My card was stolen' }];
  return {
    requestId: 'r1',
    model: 'tiergate-auto',
    stream,
    body: { model: 'tiergate-auto', messages, ...more },
    text: 'My card was stolen',
    features: [],
    promptTokens: 5,
    conversation: 'c',
  };
};

async function withQueue(work: (queue: HandoffQueue) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tiergate-handoff-'));
  const queue = openQueue({ file: join(folder, 'q.sqlite'), waitingMax: 10 });
  try {
    await work(queue);
  } finally {
    queue.close();
    rmSync(folder, { recursive: true });
  }
}

describe('handing a request to a person', () => {
  test('puts the conversation, labels and queue into the file, and wakes the webhook', () =>
    withQueue(async (queue) => {
      let woken = 0;
      const handoff = createHandoff({ queue, webhook: { wake: () => void woken++ } });
      const { id } = handoff(inquiry(false), caller, { queue: 'fraud', priority: 'urgent' }, labels);
      expect(queue.get(id, 'acme')).toMatchObject({
        requestId: 'r1',
        queue: 'fraud',
        priority: 'urgent',
        intent: 'fraud',
        urgency: 'critical',
        messages: [{ role: 'user', content: 'My card was stolen' }],
      });
      expect(woken).toBe(1);
    }));

  test('without labels leaves them open', () =>
    withQueue(async (queue) => {
      const { id } = createHandoff({ queue })(
        inquiry(false),
        caller,
        { queue: 'support', priority: 'low' },
        { status: 'unclassified', reason: 'late' },
      );
      expect(queue.get(id, 'acme')).toMatchObject({ intent: null, urgency: null });
    }));

  test('answers with one whole completion that names the reference', () =>
    withQueue(async (queue) => {
      const { answer, id } = createHandoff({ queue })(inquiry(false), caller, {
        queue: 'support',
        priority: 'low',
      });
      expect(answer).toMatchObject({ tier: 'human', provider: 'queue', form: 'whole', attempts: 0 });
      if (answer.form !== 'whole') throw new Error('not whole');
      expect(answer.completion).toMatchObject({
        object: 'chat.completion',
        model: 'tiergate-auto',
        choices: [{ message: { role: 'assistant', content: politeAnswer(id) }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 5 },
      });
    }));

  test.each([true, false])('answers a stream in chunks, with usage if it is asked for: %s', (asked) =>
    withQueue(async (queue) => {
      const wanted = inquiry(true, asked ? { stream_options: { include_usage: true } } : {});
      const { answer, id } = createHandoff({ queue })(wanted, caller, { queue: 's', priority: 'low' });
      if (answer.form !== 'stream') throw new Error('not a stream');
      const chunks: JsonObject[] = [];
      for await (const chunk of answer.chunks) chunks.push(chunk);
      const text = chunks
        .flatMap((chunk) => chunk.choices as unknown as { delta: { content?: string } }[])
        .map((choice) => choice.delta.content ?? '')
        .join('');
      expect(text).toBe(politeAnswer(id));
      expect(chunks.some((chunk) => typeof chunk.usage === 'object' && chunk.usage !== null)).toBe(asked);
    }),
  );
});
