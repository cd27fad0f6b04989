/** What becomes of the parts that were opened when a later one fails. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { assemble } from '../../src/assemble/gateway.ts';
import type { Encoder } from '../../src/engine/encoder.ts';
import { normalize } from '../../src/engine/pooling.ts';
import { createLog } from '../../src/record/log.ts';
import { readSettings } from '../../src/settings.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../journey/fixtures/${name}`, import.meta.url));

/** Gives every text a direction of its own, and no meaning. */
class FakeEncoder implements Encoder {
  readonly dimensions = 32;
  readonly revision = 'fake';
  readonly engine = 'fake';
  closed = 0;
  async embed(text: string) {
    const bytes = createHash('sha256').update(text).digest();
    const vector = normalize(Float32Array.from(bytes, (byte) => byte - 127.5));
    return { vector, tokens: 1, windows: 1, truncated: false };
  }
  async embedAll(texts: readonly string[]) {
    return Promise.all(texts.map((text) => this.embed(text)));
  }
  async close() {
    this.closed++;
  }
}

let data: string;
let encoder: FakeEncoder;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'tiergate-assemble-'));
  encoder = new FakeEncoder();
});
afterEach(() => {
  rmSync(data, { recursive: true });
});

function start(env: Record<string, string>) {
  return assemble({
    settings: readSettings({
      TIERGATE_DATA: data,
      TIERGATE_POLICY: fixture('policy.yaml'),
      TIERGATE_LABELS: fixture('labels'),
      TIERGATE_KNOWLEDGE: fixture('knowledge'),
      ...env,
    }),
    log: createLog({ level: 'error', to: new Writable() }),
    step: (_what, run) => run(() => undefined),
    tell: () => undefined,
    openEncoder: async () => encoder,
  });
}

test('a policy with a tenant that no key has is not served', async () => {
  const [policy, keys] = [join(data, 'policy.yaml'), join(data, 'keys.yaml')];
  const served = readFileSync(fixture('policy.yaml'), 'utf8');
  const rule = '{ id: shop, because: Theirs., when: { tenant: [shpo] }, then: { cloud: {} } }';
  writeFileSync(
    policy,
    served.replace(/^rules:\n/m, (line) => `${line}  - ${rule}\n`),
  );
  const key = `{ id: portal, tenant: shop, sha256: ${'a'.repeat(64)}, scopes: [chat] }`;
  writeFileSync(keys, `keys: [${key}]\n`);
  await expect(start({ TIERGATE_POLICY: policy, TIERGATE_KEYS: keys })).rejects.toThrow(
    '`shpo` is not a tenant of the key file.',
  );
  const gateway = await start({ TIERGATE_POLICY: policy });
  await gateway.close();
});

test.each([
  ['the policy', { TIERGATE_POLICY: 'bad/policy.yaml' }, 'A policy needs `rules`.'],
  ['the labels', { TIERGATE_LABELS: 'bad' }, 'intent.yaml:1:1'],
  ['the articles', { TIERGATE_KNOWLEDGE: 'bad' }, 'There is no article'],
])(
  'when %s cannot be used, all that was open is closed: the next start is free',
  async (_what, env, words) => {
    cpSync(fixture('labels'), join(data, 'bad'), { recursive: true });
    writeFileSync(join(data, 'bad/policy.yaml'), 'version: 1\n');
    writeFileSync(join(data, 'bad/intent.yaml'), '- no labels\n');
    const bad = Object.fromEntries(Object.entries(env).map(([name, path]) => [name, join(data, path)]));
    await expect(start(bad)).rejects.toThrow(words);
    expect(encoder.closed).toBe(1);
    const gateway = await start({});
    await gateway.close();
    expect(encoder.closed).toBe(2);
  },
);
