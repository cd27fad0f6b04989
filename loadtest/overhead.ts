/**
 * What the gateway itself costs: the same requests to the fake provider directly and through the gateway, side by
 * side, with the classifier off (a model that the policy sends to the cloud unread) and on.
 *
 *     npm run loadtest:overhead -- [--seconds 5] [--rounds 3] [--connections 1,8,32] [--json OUT.json]
 *
 * Provider, gateway and load generator share this machine. The ways take turns within each round, so that a machine
 * that changes its speed changes it for all; figures are medians over the rounds.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { median, progress, table } from './figures.ts';
import { startGateway, startProvider } from './processes.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,8,32' },
    json: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connectionCounts = values.connections.split(',').map(Number);

/** Out of scope for a shop, so the policy sends it to the cloud once it is classified. */
const QUESTION = 'Write a haiku about the sea at night, then explain its metre in two sentences.';

interface Way {
  readonly name: string;
  readonly url: string;
  readonly key: string;
  readonly body: string;
}
interface Figures {
  readonly way: string;
  readonly connections: number;
  readonly requestsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Counts over all runs: no text comes twice, so no cache of labels answers for the classifier. */
let n = 0;

async function fire(way: Way, connections: number, durationS: number): Promise<Figures> {
  const result = await autocannon({
    url: way.url,
    connections,
    duration: durationS,
    requests: [
      {
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${way.key}` },
        setupRequest: (request) => ({ ...request, body: way.body.replace('{n}', String(n++)) }),
      },
    ],
  });
  if (result.non2xx + result.errors > 0) {
    throw new Error(`${way.name}: ${result.non2xx} bad statuses, ${result.errors} errors`);
  }
  return {
    way: way.name,
    connections,
    requestsPerS: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

const chat = (model: string): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: `${QUESTION} ({n})` }] });

const provider = await startProvider();
const gateway = await startGateway(provider);
try {
  const through = { url: gateway.url, key: gateway.key };
  const ways: readonly Way[] = [
    { name: 'provider alone', url: provider.url.replace(/\/v1$/, ''), key: 'none', body: chat('fake') },
    { ...through, name: 'gateway, classifier off', body: chat('tiergate-cloud') },
    { ...through, name: 'gateway, classifier on', body: chat('tiergate-auto') },
  ];
  for (const way of ways) await fire(way, 8, 2);
  const runs: Figures[] = [];
  const show = progress('Runs', rounds * connectionCounts.length * ways.length);
  for (let round = 0; round < rounds; round++) {
    for (const connections of connectionCounts) {
      for (const way of ways) {
        runs.push(await fire(way, connections, seconds));
        show(runs.length);
      }
    }
  }
  const rows = connectionCounts.flatMap((connections) =>
    ways.map(({ name }) => {
      const of = runs.filter((run) => run.way === name && run.connections === connections);
      const mid = (pick: (run: Figures) => number): number => median(of.map(pick));
      const rate = mid(({ requestsPerS }) => requestsPerS);
      // By Little's law; the generator's own histogram is in whole milliseconds.
      const meanMs = ((1000 * connections) / rate).toFixed(2);
      return [name, connections, Math.round(rate), meanMs, mid((r) => r.p50Ms), mid((r) => r.p99Ms)];
    }),
  );
  console.log(table(['way', 'connections', 'requests/s', 'mean ms', 'p50 ms', 'p99 ms'], rows));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(runs)}\n`);
} finally {
  await gateway.stop();
  await provider.stop();
}
