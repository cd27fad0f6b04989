/**
 * Starts what a load test talks to, each in a process of its own, and stops it again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READY_WAIT_MS_MAX = 60_000;

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}
export interface Gateway extends Running {
  readonly key: string;
  /** The server's process: its memory can be looked at. */
  readonly pid: number;
  /** Where it keeps its decision log. */
  readonly data: string;
}

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** The fake provider. */
export async function startProvider(): Promise<Running> {
  const child = start(['loadtest/provider.ts']);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  child.stdout?.resume();
  return { url: line.toString().trim(), stop: () => stop(child) };
}

/** A gateway with a key and a data folder of its own, in front of this provider (or of the rehearsal). */
export async function startGateway(provider?: Running, env: Record<string, string> = {}): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'tiergate-loadtest-'));
  const key = `tg-${randomBytes(32).toString('base64url')}`;
  const sha256 = createHash('sha256').update(key).digest('hex');
  writeFileSync(
    join(folder, 'keys.yaml'),
    `keys: [{ id: loadtest, tenant: loadtest, sha256: ${sha256}, scopes: [chat, handoff] }]\n`,
  );
  const providers = provider === undefined ? {} : { TIERGATE_PROVIDERS: join(folder, 'providers.yaml') };
  if (provider !== undefined) {
    const row = `{ name: fake, format: openai, base_url: "${provider.url}", models: [fake] }`;
    writeFileSync(join(folder, 'providers.yaml'), `providers: [${row}]\n`);
  }
  const port = await freePort();
  const child = start(['src/main.ts'], {
    TIERGATE_PORT: String(port),
    TIERGATE_KEYS: join(folder, 'keys.yaml'),
    TIERGATE_DATA: folder,
    TIERGATE_LOG_LEVEL: 'error',
    ...providers,
    ...env,
  });
  const output: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => output.push(piece));
  child.stderr?.on('data', (piece: Buffer) => output.push(piece));
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child, output);
  return {
    url,
    key,
    pid: child.pid ?? 0,
    data: folder,
    stop: async () => {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(url: string, child: ChildProcess, output: readonly Buffer[]): Promise<void> {
  const deadline = Date.now() + READY_WAIT_MS_MAX;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`The gateway did not start:\n${Buffer.concat(output).toString()}`);
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(50);
  }
  await stop(child);
  throw new Error('The gateway was not ready in time.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
