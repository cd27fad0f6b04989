/** The server as `npm start` runs it: a process of its own. What is inside it is tested elsewhere. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  type ClientRequest,
  createServer as createHttpServer,
  type IncomingMessage,
  request,
} from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const fixture = (name: string): string => join(ROOT, 'test/journey/fixtures', name);

let data: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'tiergate-main-'));
});
afterEach(async () => {
  for (const child of running.filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  )) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  running = [];
  rmSync(data, { recursive: true, force: true });
});

/** A server process; `says` waits until it has written something, on either stream. */
function start(env: Readonly<Record<string, string>> = {}) {
  const child = spawn(
    join(ROOT, 'node_modules/.bin/node'),
    ['--disable-warning=ExperimentalWarning', 'src/main.ts'],
    {
      cwd: ROOT,
      // Nothing of the surroundings: a key or a setting of whoever runs the tests would make another server.
      env: {
        PATH: process.env.PATH,
        TIERGATE_PORT: '0',
        TIERGATE_DATA: data,
        TIERGATE_POLICY: fixture('policy.yaml'),
        TIERGATE_LABELS: fixture('labels'),
        TIERGATE_KNOWLEDGE: fixture('knowledge'),
        TIERGATE_CLASSIFY_WAIT_MS_MAX: '20000',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.push(child);
  let [out, err] = ['', ''];
  let look = (): void => undefined;
  child.stdout.on('data', (piece) => {
    out += piece;
    look();
  });
  child.stderr.on('data', (piece) => {
    err += piece;
    look();
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  const says = (words: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      look = () => {
        const found = words.exec(out) ?? words.exec(err);
        if (found !== null) resolve(found);
      };
      look();
      void ended.then(({ code }) => reject(new Error(`ended with ${code} before it said ${words}:\n${err}`)));
    });
  return { child, ended, says };
}

/** The line to try, as a newcomer copies it. */
async function firstLine({ says }: ReturnType<typeof start>) {
  const [, url = '', key = '', body = ''] = await says(
    /curl -si (http\S+) [\s\S]*?'authorization: Bearer (tg-[\w-]+)'[\s\S]*?-d '(.*)'\n/,
  );
  return { url, headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` }, body };
}

const personal = ['4111 1111 1111 1111', 'ann@example.com'];

describe('npm start', () => {
  test('the line that it prints works as it stands: the rehearsal shows what would leave', async () => {
    const server = start();
    const { url, headers, body } = await firstLine(server);
    for (const value of personal) expect(body).toContain(value);

    const response = await fetch(url, { method: 'POST', headers, body });
    const answer = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('x-tiergate-tier')).toBe('cloud');
    expect(response.headers.get('x-tiergate-redacted')).toBe('2');
    const { choices } = JSON.parse(answer) as { choices: { message: { content: string } }[] };
    const content = choices[0]?.message.content ?? '';
    expect(content).toMatch(/My card CREDIT_CARD_\w+ was charged, write to EMAIL_ADDRESS_\w+/);
    for (const value of personal) expect(answer).not.toContain(value);

    server.child.kill('SIGTERM');
    const { code, out, err } = await server.ended;
    expect(code).toBe(0);
    const kept = readdirSync(join(data, 'decisions')).map((name) =>
      readFileSync(join(data, 'decisions', name), 'utf8'),
    );
    expect(kept.join('')).toContain(response.headers.get('x-request-id'));
    for (const value of personal) expect(`${err}${kept.join('')}`).not.toContain(value);
    // Its first screen has the example, and nothing that the request brought.
    expect(out).toMatch(/cloud {6}rehearsal/);
    const [, engine] = /^ {2}encoder {4}(native [a-z0-9-]+)$/m.exec(out) ?? [];
    expect(err).toContain(`"engine":${JSON.stringify(engine)}`);
    expect(err).toMatch(/Loading the encoder … done in \d/);
  });

  test('an OpenTelemetry collector gets traces and metrics, and no content', async () => {
    const received: { path: string; body: string }[] = [];
    const collector = createHttpServer(async (req, res) => {
      received.push({ path: req.url ?? '', body: (await buffer(req)).toString('latin1') });
      res.end();
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const server = start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    const { url, headers, body } = await firstLine(server);
    await (await fetch(url, { method: 'POST', headers, body })).text();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    const sent = (path: string): string =>
      received.flatMap((one) => (one.path === path ? [one.body] : [])).join('');
    expect(sent('/v1/traces')).toMatch(
      /POST \/v1\/chat\/completions[\s\S]*redact|redact[\s\S]*POST \/v1\/chat/,
    );
    expect(sent('/v1/metrics')).toContain('tiergate.requests');
    for (const value of personal) expect(JSON.stringify(received)).not.toContain(value);
    await new Promise((resolve) => collector.close(resolve));
  });

  test('told to stop, it finishes what is under way and lets nobody in', async () => {
    const server = start();
    const { url, headers, body } = await firstLine(server);
    const slow = request(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': Buffer.byteLength(body), expect: '100-continue' },
    });
    slow.flushHeaders();
    // The server says so once the request is in: from here on it is under way.
    await once(slow, 'continue');
    slow.write(body.slice(0, 20));
    server.child.kill('SIGTERM');
    await server.says(/"event":"draining"/);
    await expect(fetch(url, { method: 'POST', headers, body })).rejects.toThrow();
    const { statusCode, words } = await finish(slow, body.slice(20));
    expect({ statusCode, words }).toEqual({ statusCode: 200, words: expect.stringContaining('CREDIT_CARD') });
    const { code, err } = await server.ended;
    expect(code).toBe(0);
    expect(err).toMatch(/"event":"stopped"\}\n$/);
  });
});

async function finish(slow: ClientRequest, rest: string) {
  slow.end(rest);
  const [response] = (await once(slow, 'response')) as [IncomingMessage];
  return { statusCode: response.statusCode, words: await text(response) };
}

test('a fault of its own ends it with a line that says where, and with no words of the error', async () => {
  const fault = "process.on('SIGUSR2', () => { throw new Error('card 4111 1111 1111 1111'); })";
  const { child, ended, says } = start({ NODE_OPTIONS: `--import "data:text/javascript,${fault}"` });
  await says(/"event":"started"/);
  child.kill('SIGUSR2');
  const { code, err } = await ended;
  expect(code).toBe(2);
  expect(err).toContain('"event":"crashed"');
  expect(err).not.toContain('4111');
});

describe('what stands in the way of a start is said in words: exit code 1, no stack', () => {
  const refusal = async (env: Record<string, string>): Promise<string> => {
    const { code, out, err } = await start(env).ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).not.toMatch(/^\s+at |\.ts:\d|Error:/m);
    return err;
  };

  test('a bad setting', async () => {
    expect(await refusal({ TIERGATE_PORT: 'many' })).toBe(
      '\ntiergate could not start.\n\nThe environment is not usable:\n' +
        '  TIERGATE_PORT must be a whole number from 0 to 65535, and is "many".\n',
    );
  });

  test('an address that others can reach, without keys', async () => {
    const said = await refusal({ TIERGATE_HOST: '0.0.0.0' });
    expect(said).toContain('TIERGATE_HOST is 0.0.0.0, which others can reach, and there is no key file.');
    expect(said).toContain('npm run tiergate -- key new');
  });

  test('a data folder that cannot be made, before anything takes time', async () => {
    const file = join(data, 'a-file');
    writeFileSync(file, '');
    expect(await refusal({ TIERGATE_DATA: file })).toBe(
      `\ntiergate could not start.\n\n${file} cannot be made or written (EEXIST). TIERGATE_DATA names the folder to use.\n`,
    );
  });

  test('a folder that another one writes, before anything takes time', async () => {
    const { says } = start();
    await says(/"event":"started"/);
    expect(await refusal({})).toMatch(
      /^\ntiergate could not start\.\n\nAnother tiergate writes the decision log in /,
    );
  });

  test('a bad policy', async () => {
    const file = join(data, 'p.yaml');
    writeFileSync(
      file,
      readFileSync(fixture('policy.yaml'), 'utf8').replace('intent: [speak', 'intend: [speak'),
    );
    const said = await refusal({ TIERGATE_POLICY: file });
    expect(said).toMatch(/p\.yaml:\d+:\d+: `intend` is not a key of the `when` of a rule\./);
    expect(said).toContain('Did you mean `intent`?');
  });

  test('a port in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    try {
      expect(await refusal({ TIERGATE_PORT: String(port) })).toMatch(
        new RegExp(`in use.*127\\.0\\.0\\.1:${port}`),
      );
    } finally {
      holder.close();
    }
  });
});
