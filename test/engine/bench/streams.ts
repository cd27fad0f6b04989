/** Work for the event loop as a gateway has it: answers that arrive in pieces, each read, written anew and passed on. */
import { PassThrough } from 'node:stream';
import { createParser } from 'eventsource-parser';

/** Pieces arrive as from a model that writes 50 tokens a second. */
const PIECE_EVERY_MS = 20;
const PIECE = `data: ${JSON.stringify({
  id: 'chatcmpl-0123456789abcdef',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'model',
  choices: [{ index: 0, delta: { content: ' token' }, finish_reason: null }],
})}\n\n`;

export function startStreams(count: number): { stop(): void } {
  const stops = Array.from({ length: count }, (_, at) => {
    const out = new PassThrough().resume();
    const parser = createParser({
      onEvent: ({ data }) => out.write(`data: ${JSON.stringify(JSON.parse(data))}\n\n`),
    });
    let timer: NodeJS.Timeout | undefined;
    // Spread over the period, as independent streams are.
    const start = setTimeout(
      () => {
        timer = setInterval(() => parser.feed(PIECE), PIECE_EVERY_MS);
      },
      (PIECE_EVERY_MS * at) / count,
    );
    return () => {
      clearTimeout(start);
      clearInterval(timer);
      out.destroy();
    };
  });
  return {
    stop() {
      for (const stop of stops) stop();
    },
  };
}
