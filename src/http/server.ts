/**
 * The HTTP server: bounds on heads, uploads and connections, and a way down that finishes what is under way.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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
/** How often a draining server looks for connections that it can close. */
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
  const underWay = watchRequests(server, options.idleWaitMsMax);
  server.on('clientError', (error, socket) => {
    // In the middle of an answer, an error would be taken for a part of it.
    if ([...underWay].some((res) => res.headersSent && res.req.socket === socket)) socket.destroy();
    else refuseConnection(error, socket);
  });
  // `100 Continue` is for whoever reads the body to say: a refusal comes before the upload. Other expectations are none.
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (req, res) => server.emit('request', req, res));
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { host: options.host, port, drain: (waitMsMax) => drain(server, underWay, waitMsMax) };
}

/** Hangs up on applications that do not read their answer. Gives the requests under way. */
function watchRequests(server: Server, idleWaitMsMax: number): ReadonlySet<ServerResponse> {
  const underWay = new Set<ServerResponse>();
  server.on('request', ({ socket }, res) => {
    underWay.add(res);
    res.once('close', () => underWay.delete(res));
    res.setTimeout(idleWaitMsMax, () => {
      // A silence is the application's if it has left bytes unread, else it is the model's, whose clock is elsewhere.
      if (socket.writableLength > 0) socket.destroy();
    });
  });
  return underWay;
}

async function drain(
  server: Server,
  underWay: ReadonlySet<ServerResponse>,
  waitMsMax: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // What is kept alive becomes idle once its request is answered; what never said anything does not count as idle.
  const sweep = (): void => {
    if (underWay.size === 0) server.closeAllConnections();
    else server.closeIdleConnections();
  };
  sweep();
  const sweeping = setInterval(sweep, DRAIN_SWEEP_MS);
  const late = setTimeout(() => server.closeAllConnections(), waitMsMax);
  await closed;
  clearInterval(sweeping);
  clearTimeout(late);
}
