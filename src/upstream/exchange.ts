/**
 * One question to one model: encode, post, wait within bounds, try again while nothing has come back, decode.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { TiergateError } from '../errors.ts';
import type { JsonObject, PersonalRules } from '../shapes.ts';
import { FORMATS } from './formats.ts';
import type { Provider } from './providers.ts';
import { rejection } from './rejection.ts';
import { readChunks, readWhole } from './reply.ts';
import type { Incoming, Transport } from './transport.ts';

export interface ExchangeLimits {
  readonly firstByteWaitMsMax: number;
  /** Longest silence within an answer. */
  readonly idleWaitMsMax: number;
  readonly answerBytesMax: number;
  /** Attempts at one model, all of them before its first byte. */
  readonly attemptsMax: number;
}

export interface Question {
  readonly provider: Provider;
  readonly model: string;
  readonly body: JsonObject;
  readonly stream: boolean;
  /** Raw values that must not be in what is sent. */
  readonly forbidden: readonly string[];
  /** What counts as personal data in what is sent; everything, if not given. */
  readonly rules?: PersonalRules | undefined;
  /** W3C trace context for the server. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called before each attempt. */
  readonly onAttempt: () => void;
}

export type Reply =
  | { readonly form: 'whole'; readonly completion: JsonObject }
  | { readonly form: 'stream'; readonly chunks: AsyncIterable<JsonObject> };

const BACKOFF_MS = 200;
const BACKOFF_MS_MAX = 5_000;

/** Asks until an answer begins. @throws TiergateError escalate_*, or the signal's reason once it aborts. */
export async function ask(question: Question, transport: Transport, limits: ExchangeLimits): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    try {
      question.onAttempt();
      return await attemptOnce(question, transport, limits);
    } catch (error) {
      question.signal.throwIfAborted();
      if (!(error instanceof TiergateError)) throw error;
      const waitMs = (error.retryAfterS ?? 0) * 1000 || Math.random() * BACKOFF_MS * 2 ** attempt;
      // What the gateway itself objects to, it would object to again.
      const mayHelp = error.row.retryable && error.row.blame !== 'gateway';
      if (attempt >= limits.attemptsMax || !mayHelp || waitMs > BACKOFF_MS_MAX) throw error;
      await sleep(waitMs, undefined, { signal: question.signal });
    }
  }
}

async function attemptOnce(question: Question, transport: Transport, limits: ExchangeLimits): Promise<Reply> {
  const { provider, model, stream, signal } = question;
  const format = FORMATS[provider.format];
  const encoded = format.encode(question.body, model);
  const line = openLine(signal, limits);
  try {
    const incoming = await transport({
      url: `${provider.baseUrl}${encoded.path}`,
      headers: question.headers,
      credentials: format.headers(provider.apiKey),
      body: JSON.stringify(encoded.body),
      forbidden: question.forbidden,
      rules: question.rules,
      signal: line.signal,
    });
    if (incoming.status < 200 || incoming.status > 299) throw await rejection(incoming);
    const bytes = listen(incoming, line, limits);
    if (!stream) {
      const completion = await readWhole(bytes, format);
      line.close();
      return { form: 'whole', completion };
    }
    return { form: 'stream', chunks: await readChunks(bytes, format, line) };
  } catch (error) {
    line.hangUp();
    // A timer of the line aborts the transport with its own error as the reason.
    throw line.signal.aborted && line.signal.reason instanceof TiergateError ? line.signal.reason : error;
  }
}

/** The life of one attempt: the caller's signal, and a clock that is wound up anew with every byte. */
interface Line {
  readonly signal: AbortSignal;
  readonly heard: () => void;
  /** The answer is complete. */
  readonly close: () => void;
  /** Nobody wants the rest: the request upstream ends. */
  readonly hangUp: () => void;
}

/** Made once: an AbortController without a reason makes a DOMException, with a stack, every time. */
const HUNG_UP = new Error('The rest of the answer is not wanted.');

function openLine(caller: AbortSignal, limits: ExchangeLimits): Line {
  const controller = new AbortController();
  const callerGone = (): void => controller.abort(caller.reason);
  const timeOut = (): void => controller.abort(new TiergateError('escalate_timeout'));
  let clock = setTimeout(timeOut, limits.firstByteWaitMsMax);
  let isFirst = true;
  if (caller.aborted) callerGone();
  caller.addEventListener('abort', callerGone, { once: true });
  const close = (): void => {
    clearTimeout(clock);
    caller.removeEventListener('abort', callerGone);
  };
  return {
    signal: controller.signal,
    heard: () => {
      if (isFirst) {
        isFirst = false;
        clearTimeout(clock);
        clock = setTimeout(timeOut, limits.idleWaitMsMax);
      } else clock.refresh();
    },
    close,
    hangUp: () => {
      close();
      controller.abort(HUNG_UP);
    },
  };
}

async function* listen(
  incoming: Incoming,
  line: Line,
  limits: ExchangeLimits,
): AsyncGenerator<Uint8Array, void> {
  let total = 0;
  try {
    for await (const piece of incoming.body) {
      line.heard();
      total += piece.length;
      if (total > limits.answerBytesMax) throw new TiergateError('escalate_too_large');
      yield piece;
    }
  } catch (error) {
    if (line.signal.aborted) throw line.signal.reason;
    throw error instanceof TiergateError ? error : new TiergateError('escalate_broken_off', { cause: error });
  }
}
