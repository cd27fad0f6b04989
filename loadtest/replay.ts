/**
 * Sends a file of requests through a gateway and shows who answered, how long it took, and what was redacted.
 *
 *     npm run loadtest:replay -- FILE.jsonl [--url URL --key KEY] [--connections 4] [--json OUT.json] [--plot OUT.svg]
 *
 * Each line is a chat request (`{"messages": […], …}`) or `{"text": "…"}`. Without --url, a gateway is started with
 * the shipped model and policy, in front of a fake provider that keeps nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { percentile, progress, table } from './figures.ts';
import { latencyPlot } from './plot.ts';
import { startGateway, startProvider } from './processes.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    connections: { type: 'string', default: '4' },
    json: { type: 'string' },
    plot: { type: 'string' },
  },
});
const [file = 'loadtest/sample.jsonl'] = positionals;

export interface Sample {
  readonly status: number;
  readonly tier: string;
  readonly rule: string;
  readonly ms: number;
  readonly classifyMs: number | null;
}

type Body = Readonly<Record<string, unknown>>;

function readRequests(path: string): Body[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const row = JSON.parse(line) as { text?: unknown; messages?: unknown; about?: unknown };
      const { text, about: _about, ...rest } = row;
      if (rest.messages === undefined && typeof text !== 'string') {
        throw new Error(`${path}:${i + 1}: neither \`messages\` nor \`text\``);
      }
      const messages = rest.messages ?? [{ role: 'user', content: text }];
      return { model: 'tiergate-auto', ...rest, messages };
    });
}

async function send(url: string, key: string, body: Body): Promise<Sample> {
  const started = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  const ms = performance.now() - started;
  const timing = /classify;dur=([\d.]+)/.exec(response.headers.get('server-timing') ?? '');
  return {
    status: response.status,
    tier: response.headers.get('x-tiergate-tier') ?? 'error',
    rule: response.headers.get('x-tiergate-rule') ?? '-',
    ms,
    classifyMs: timing === null ? null : Number(timing[1]),
  };
}

/** Sends all requests, so many at once, in the order of the file. */
async function sendAll(
  url: string,
  key: string,
  bodies: readonly Body[],
  connections: number,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const show = progress('Requests', bodies.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      samples.push(await send(url, key, body));
      show(samples.length);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return samples;
}

/** How often each kind of personal data was replaced so far, by the gateway's own count. */
async function redactions(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const rows = text.matchAll(
    /^tiergate_redactions\w*\{[^}]*kind="(\w+)"[^}]*route="\/v1\/chat[^}]*\} (\d+)/gm,
  );
  return new Map([...rows].map((row) => [row[1] ?? '', Number(row[2])]));
}

function groups<T>(items: readonly T[], key: (item: T) => string): [string, T[]][] {
  return [...Map.groupBy(items, key)].sort((a, b) => b[1].length - a[1].length);
}
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const ms = (value: number): string => value.toFixed(1);

function report(samples: readonly Sample[], redacted: ReadonlyMap<string, number>): string {
  const latency = groups(samples, ({ tier }) => tier).map(([tier, of]) => {
    const times = of.map((sample) => sample.ms);
    return [
      tier,
      of.length,
      share(of.length, samples.length),
      ...[0.5, 0.95, 0.99].map((p) => ms(percentile(times, p))),
    ];
  });
  const rules = groups(samples, ({ rule, tier }) => `${rule} ${tier}`).map(([, of]) => [
    of[0]?.rule ?? '',
    of[0]?.tier ?? '',
    of.length,
  ]);
  const classified = samples.flatMap(({ classifyMs }) => classifyMs ?? []);
  return [
    table(['answered by', 'requests', 'share', 'p50 ms', 'p95 ms', 'p99 ms'], latency),
    '',
    `Classified: ${classified.length} of ${samples.length}; classifying took p50 ${ms(percentile(classified, 0.5))} ms, p99 ${ms(percentile(classified, 0.99))} ms.`,
    '',
    table(['rule', 'answered by', 'requests'], rules),
    '',
    table(
      ['replaced before leaving', 'values'],
      [...redacted].map(([kind, n]) => [kind, n]),
    ),
  ].join('\n');
}

const bodies = readRequests(file);
const provider = values.url === undefined ? await startProvider() : undefined;
const gateway = provider === undefined ? undefined : await startGateway(provider);
try {
  const url = values.url ?? gateway?.url ?? '';
  const key = values.key ?? gateway?.key ?? '';
  const before = await redactions(url);
  const samples = await sendAll(url, key, bodies, Number(values.connections));
  const after = await redactions(url);
  const redacted = new Map([...after].map(([kind, n]) => [kind, n - (before.get(kind) ?? 0)]));
  console.log(report(samples, redacted));
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ file, samples, redacted: Object.fromEntries(redacted) })}\n`,
    );
  }
  if (values.plot !== undefined) writeFileSync(values.plot, latencyPlot(samples));
  const failed = samples.filter(({ status }) => status >= 500).length;
  if (failed > 0) console.error(`${failed} requests failed.`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await gateway?.stop();
  await provider?.stop();
}
