/**
 * A model server that answers at once, always the same: what a gateway costs shows only beside a server that costs
 * nothing. Run: `node loadtest/provider.ts [PORT]`; prints its address. Keeps nothing; GET /stats counts requests.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const completion = {
  id: 'chatcmpl-fake',
  object: 'chat.completion',
  created: 1_763_596_800,
  model: 'fake',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'All is well. Is there anything else I can do for you?',
        refusal: null,
      },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 20, completion_tokens: 12, total_tokens: 32 },
};
const whole = JSON.stringify(completion);
const chunk = (delta: object, finish_reason: string | null) =>
  `data: ${JSON.stringify({ ...completion, object: 'chat.completion.chunk', usage: undefined, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const stream = [
  chunk({ role: 'assistant', content: '' }, null),
  ...'All is well. Is there anything else I can do for you?'
    .split(/(?<= )/)
    .map((content) => chunk({ content }, null)),
  chunk({}, 'stop'),
  'data: [DONE]\n\n',
].join('');

let requests = 0;
const server = createServer((req, res) => {
  if (req.url === '/stats') {
    res.end(JSON.stringify({ requests }));
    return;
  }
  const pieces: Buffer[] = [];
  req.on('data', (piece: Buffer) => pieces.push(piece));
  req.on('end', () => {
    requests++;
    const wantsStream = Buffer.concat(pieces).includes('"stream":true');
    const body = wantsStream ? stream : whole;
    res.writeHead(200, {
      'content-type': wantsStream ? 'text/event-stream' : 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    res.end(body);
  });
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
});
