/** The names that a policy may use with the settings of today: those that the server would check it against. */
import { loadKeys, tenantsOf } from '../authenticate/keys.ts';
import { openTrainedSets } from '../classify/intent/trained-sets.ts';
import { readLabels } from '../classify/labels/labels.ts';
import { kindsIn } from '../detect/kinds-in.ts';
import { searchedKinds } from '../detect/names/open-names.ts';
import type { Vocabulary } from '../policy/policy.ts';
import type { Settings } from '../settings.ts';
import { loadProviders, namesInPolicies } from '../upstream/providers.ts';

/** @throws LabelsError, RowsError when the files that hold the names are not usable */
export async function vocabularyOf(settings: Settings): Promise<Vocabulary> {
  const folder = settings.TIERGATE_LABELS;
  const { intent } = await readLabels(folder);
  const sets = await openTrainedSets({ folder, encoder: null, onReload: () => undefined });
  sets.close();
  // Whoever checks a policy need not hold the providers' keys.
  const secret = (variable: string): string | undefined =>
    settings.secret(variable) ?? (settings.TIERGATE_PROVIDERS === '' ? undefined : 'not needed here');
  const models = namesInPolicies(loadProviders({ ...settings, secret }));
  const file = settings.TIERGATE_KEYS;
  const tenants = file === '' ? undefined : tenantsOf(loadKeys(file));
  const intents = [...new Set([...intent.names, ...sets.names()])];
  return { intents, models, tenants, kinds: await searchedKinds(settings), kindsIn };
}
