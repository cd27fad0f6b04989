/**
 * What a newcomer sees when the server is up: where it is, what it has, and a line to try.
 */
import { relative } from 'node:path';
import type { Gateway } from './assemble/gateway.ts';
import type { Listening } from './http/server.ts';
import type { Settings } from './settings.ts';

const EXAMPLE = 'My card 4111 1111 1111 1111 was charged, write to ann@example.com: what is a chargeback?';

export function firstScreen(gateway: Gateway, { host, port }: Listening, settings: Settings): string {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const isRehearsal = gateway.providers.every(({ format }) => format === 'rehearsal');
  const providers = gateway.providers.map(({ name }) => name).join(', ');
  const { rules, invariants, revision } = gateway.policy.current();
  const key = gateway.developmentKey;
  const near = relative(process.cwd(), settings.TIERGATE_POLICY);
  const policy = near.startsWith('..') ? settings.TIERGATE_POLICY : near;
  const lines = [
    `tiergate is serving on ${url}`,
    '',
    `  policy     ${policy} (${rules.length} rules, ${invariants.length} invariants, revision ${revision})`,
    `  encoder    ${gateway.engine}`,
    `  intents    ${gateway.intents.length}`,
    `  answers    ${gateway.knowledge.size} approved articles`,
    `  cloud      ${isRehearsal ? 'rehearsal: no key is set, so answers show what would have left' : providers}`,
    ...(key === null ? [] : [`  key        ${key} (for this run, from this machine)`]),
    '',
    'Try it:',
    '',
    `  curl -si ${url}/v1/chat/completions -H 'content-type: application/json' \\`,
    `    -H 'authorization: Bearer ${key ?? 'tg-…'}' \\`,
    `    -d '{"model":"tiergate-auto","messages":[{"role":"user","content":"${EXAMPLE}"}]}'`,
    '',
  ];
  return `\n${lines.join('\n')}\n`;
}
