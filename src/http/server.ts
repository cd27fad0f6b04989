/**
 * The HTTP server: bounds on heads, uploads and connections, and a way down that finishes what is under way.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseConnection } from './failure.ts';

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Takes no new requests, waits for those under way (at most so long), then closes every connection. */
  drain(waitMsMax: number): Promise<void>;
}

const HEADER_BYTES_MAX = 16_384;
const HEADERS_MAX = 100;
const CONNECTIONS_MAX = 10_000;
const KEEP_ALIVE_MS_MAX = 65_000;
const HEAD_WAIT_MS_MAX = 10_000;
/** How often a draining server looks for connections that have become idle. */
const DRAIN_SWEEP_MS = 50;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Longest wait for the body of a request; a head has at most HEAD_WAIT_MS_MAX of its own. */
  readonly uploadWaitMsMax: number;
  /** Longest wait for an application to read on. */
  readonly idleWaitMsMax: number;
}

/** Listens. @throws Error when the address cannot be had (such as EADDRINUSE). */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const headWaitMsMax = Math.min(options.uploadWaitMsMax, HEAD_WAIT_MS_MAX);
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: headWaitMsMax,
      // Whoever reads a body has a clock for it; this is the net below, for bodies that nobody reads.
      requestTimeout: headWaitMsMax + options.uploadWaitMsMax,
      keepAliveTimeout: KEEP_ALIVE_MS_MAX,
      connectionsCheckingInterval: 500,
      // The app looks for it, and says what is missing.
      requireHostHeader: false,
    },
    app,
  );
  server.maxHeadersCount = HEADERS_MAX;
  server.maxConnections = CONNECTIONS_MAX;
  watchAnswers(server, options.idleWaitMsMax);
  // `100 Continue` is for whoever reads the body to say: a refusal comes before the upload. Other expectations are none.
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (req, res) => server.emit('request', req, res));
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { host: options.host, port, drain: (waitMsMax) => drain(server, waitMsMax) };
}

/** Hangs up on applications that do not read their answer, and keeps errors of a connection out of answers begun. */
function watchAnswers(server: Server, idleWaitMsMax: number): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, res) => {
    if (answers.get(socket)?.writableFinished !== false) answers.set(socket, res);
    res.setTimeout(idleWaitMsMax, () => {
      // A silence is the application's if it has left bytes unread, else it is the model's, whose clock is elsewhere.
      if (socket.writableLength > 0) socket.destroy();
    });
  });
  server.on('clientError', (error, socket) => {
    const answer = answers.get(socket);
    if (answer?.headersSent === true && !answer.writableFinished) socket.destroy();
    else refuseConnection(error, socket);
  });
}

async function drain(server: Server, waitMsMax: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A connection is idle again once its request is answered, and would otherwise be kept alive.
  const sweep = setInterval(() => server.closeIdleConnections(), DRAIN_SWEEP_MS);
  const late = setTimeout(() => server.closeAllConnections(), waitMsMax);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
}
