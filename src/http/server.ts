/**
 * The HTTP server: bounds on heads, uploads and connections, and a way down that finishes what is under way.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
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

/** Listens. @throws Error when the address cannot be had (such as EADDRINUSE). */
export async function listen(
  app: RequestListener,
  options: { readonly host: string; readonly port: number; readonly uploadWaitMsMax: number },
): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      requestTimeout: options.uploadWaitMsMax,
      headersTimeout: Math.min(options.uploadWaitMsMax, 10_000),
      keepAliveTimeout: KEEP_ALIVE_MS_MAX,
      connectionsCheckingInterval: 500,
    },
    app,
  );
  server.maxHeadersCount = HEADERS_MAX;
  server.maxConnections = CONNECTIONS_MAX;
  server.on('clientError', refuseConnection);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { host: options.host, port, drain: (waitMsMax) => drain(server, waitMsMax) };
}

async function drain(server: Server, waitMsMax: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), waitMsMax);
  await closed;
  clearTimeout(late);
}
