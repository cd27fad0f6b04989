/**
 * The policy in force, with the names it may use.
 */
import { join } from 'node:path';
import { decide } from '../decide/decide.ts';
import { openPolicy, type PolicyKeeper } from '../policy/keeper.ts';
import { ENTITY_KINDS } from '../shapes.ts';
import { type Provider, qualifiedName } from '../upstream/providers.ts';
import type { Surroundings } from './surroundings.ts';

/** Kinds that a detector finds today. A rule about names or addresses would promise what nothing holds yet. */
const SEARCHED_KINDS = ENTITY_KINDS.filter((kind) => kind !== 'PERSON' && kind !== 'LOCATION');

export function keepPolicy(
  { settings, log, step, tell }: Surroundings,
  intents: readonly string[],
  providers: readonly Provider[],
): Promise<PolicyKeeper> {
  const isRehearsal = providers.every(({ format }) => format === 'rehearsal');
  const models = providers.flatMap((provider) => [
    provider.name,
    ...provider.models,
    ...provider.models.map((model) => qualifiedName(provider, model)),
  ]);
  return step('Checking the policy', () =>
    openPolicy({
      file: settings.TIERGATE_POLICY,
      vocabulary: { intents, kinds: SEARCHED_KINDS, ...(isRehearsal ? {} : { models }) },
      decide,
      keepIn: join(settings.TIERGATE_DATA, 'policies'),
      onReload: (reload) => {
        const { revision } = reload.policy;
        if (reload.status === 'loaded') log.write('info', 'policy_loaded', { revision });
        if (reload.status !== 'refused') return;
        log.write('error', 'policy_refused', { revision, count: reload.error.problems.length });
        // The report quotes the policy's own words, so it is for whoever edits the file, beside the log.
        tell(`${reload.error.message}\n`);
      },
    }),
  );
}
