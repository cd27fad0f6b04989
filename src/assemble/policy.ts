/**
 * The policy in force, with the names it may use.
 */
import { join } from 'node:path';
import { decide } from '../decide/decide.ts';
import { kindsIn } from '../detect/kinds-in.ts';
import type { EntityKind } from '../personal-kinds.ts';
import { openPolicy, type PolicyKeeper } from '../policy/keeper.ts';
import type { Vocabulary } from '../policy/policy.ts';
import { namesInPolicies, type Provider } from '../upstream/providers.ts';
import type { Surroundings } from './surroundings.ts';

export function keepPolicy(
  { settings, log, step, tell }: Surroundings,
  known: {
    readonly intents: () => readonly string[];
    readonly tenants: Vocabulary['tenants'];
    readonly kinds: readonly EntityKind[];
  },
  providers: readonly Provider[],
): Promise<PolicyKeeper> {
  const vocabulary: Vocabulary = {
    // As they are when a policy is compiled: trained intents come and go.
    get intents() {
      return known.intents();
    },
    tenants: known.tenants,
    models: namesInPolicies(providers),
    kinds: known.kinds,
    kindsIn,
  };
  return step('Checking the policy', () =>
    openPolicy({
      file: settings.TIERGATE_POLICY,
      vocabulary,
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
