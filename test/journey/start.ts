/**
 * A whole gateway for tests: the real parts, a real HTTP server, the shipped encoder; a small policy, few labels, few
 * articles. In front of a fake provider.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import OpenAI from 'openai';
import { assemble, type Gateway } from '../../src/assemble/gateway.ts';
import type { Surroundings } from '../../src/assemble/surroundings.ts';
import { type AppParts, createApp } from '../../src/http/app.ts';
import { type Listening, listen } from '../../src/http/server.ts';
import { createLog } from '../../src/record/log.ts';
import { readSettings } from '../../src/settings.ts';
import type { FakeProvider } from '../fake-provider.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

export interface TestGateway {
  readonly url: string;
  readonly key: string;
  readonly client: OpenAI;
  readonly gateway: Gateway;
  readonly data: string;
  /** All that was logged. */
  readonly log: () => string;
  /** All spans that have ended. */
  readonly spans: InMemorySpanExporter;
  /** Everything in the decision log. */
  readonly decisions: () => Promise<string>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Another server on the same parts, some of them replaced. */
  serve(change: (parts: AppParts) => AppParts): Promise<{ url: string; close(): Promise<void> }>;
  close(): Promise<void>;
}

/** @param around what it is built with instead: by default everything that is logged and traced is kept */
export async function startGateway(
  provider: FakeProvider | null,
  env: Readonly<Record<string, string>> = {},
  around: Partial<Omit<Surroundings, 'settings'>> = {},
): Promise<TestGateway> {
  const data = mkdtempSync(join(tmpdir(), 'tiergate-test-'));
  const providers = join(data, 'providers.yaml');
  if (provider !== null) {
    writeFileSync(
      providers,
      `providers: [{ name: fake, format: openai, base_url: "${provider.url}", models: [fake-model, other-model] }]\n`,
    );
  }
  const settings = readSettings({
    TIERGATE_PORT: '0',
    TIERGATE_DATA: data,
    TIERGATE_POLICY: fixture('policy.yaml'),
    TIERGATE_LABELS: fixture('labels'),
    TIERGATE_KNOWLEDGE: fixture('knowledge'),
    // Tests run beside each other on small machines: what is late here is late because of them.
    TIERGATE_CLASSIFY_WAIT_MS_MAX: '20000',
    TIERGATE_LOG_LEVEL: 'debug',
    TIERGATE_ATTEMPTS_MAX: '1',
    ...(provider === null ? {} : { TIERGATE_PROVIDERS: providers }),
    ...env,
  });
  const logged: string[] = [];
  const to = new Writable({
    write(piece: Buffer, _encoding, done) {
      logged.push(piece.toString());
      done();
    },
  });
  const spans = new InMemorySpanExporter();
  const gateway = await assemble({
    settings,
    log: createLog({ level: 'debug', to }),
    step: (_what, run) => run(() => undefined),
    tell: (text) => logged.push(text),
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
    ...around,
  });
  const address = {
    host: '127.0.0.1',
    port: 0,
    uploadWaitMsMax: settings.TIERGATE_UPLOAD_WAIT_MS_MAX,
    idleWaitMsMax: settings.TIERGATE_IDLE_WAIT_MS_MAX,
  };
  const listening: Listening = await listen(gateway.app, address);
  const url = `http://127.0.0.1:${listening.port}`;
  const key = gateway.developmentKey ?? '';
  return {
    url,
    key,
    client: new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 }),
    gateway,
    data,
    log: () => logged.join(''),
    spans,
    decisions: async () => {
      await gateway.flush();
      const folder = join(data, 'decisions');
      return readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('');
    },
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    serve: async (change) => {
      const other = await listen(createApp(change(gateway.parts)), address);
      return { url: `http://127.0.0.1:${other.port}`, close: () => other.drain(0) };
    },
    close: async () => {
      await listening.drain(0);
      await gateway.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
