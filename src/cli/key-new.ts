import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { digestOf, newKey, readKey } from '../authenticate/keys.ts';

export const usage = '--id ID --tenant TENANT [--scope chat|handoff ...]';
export const about = 'makes an API key and its row for the key file';

/** Prints a new key, once, and the row that stores its digest. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      id: { type: 'string' },
      tenant: { type: 'string' },
      scope: { type: 'string', multiple: true, default: ['chat'] },
    },
  });
  if (values.id === undefined || values.tenant === undefined) {
    process.stderr.write(`usage: npm run tiergate -- key new ${usage}\n`);
    return 1;
  }
  const key = newKey();
  const row = {
    id: values.id,
    tenant: values.tenant,
    sha256: digestOf(key).toString('hex'),
    scopes: values.scope,
  };
  const problems: string[] = [];
  readKey(row, (what) => problems.push(what));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  process.stdout.write(
    `The key, shown this once:\n\n  ${key}\n\nIts row for the key file (TIERGATE_KEYS):\n\n${stringify({ keys: [row] })}`,
  );
  return 0;
}
