/**
 * `npm run bench:privacy`: what of personal data is hidden, and what else is touched, on sets that no detector was tuned
 * on. docs/evaluation.md explains the figures.
 */
import { parseArgs } from 'node:util';
import { score } from './score.ts';
import { structuredSet } from './sets/structured.ts';
import { lookAlikeSet } from './sets/look-alikes.ts';
import { harmlessSet } from './sets/harmless.ts';
import { obfuscatedSet } from './sets/obfuscated.ts';
import { tiergate } from './tools/tiergate.ts';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, misses: { type: 'string' } } });
for (const make of [structuredSet, lookAlikeSet, harmlessSet, obfuscatedSet]) {
  const set = make();
  const result = await score(tiergate('tiergate'), set);
  process.stdout.write(`${set.name} ${result.all.right}/${result.all.of}\n`);
  for (const [name, share] of [...result.byClass, ...result.byFrame]) process.stdout.write(`  ${name} ${share.right}/${share.of}\n`);
  if (values.misses !== undefined) for (const miss of result.misses.slice(0, 60)) process.stdout.write(`${miss.row.class} [${miss.row.frame}] ${JSON.stringify(miss.row.text)} ${JSON.stringify(miss.found)}\n`);
}
