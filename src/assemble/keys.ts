/**
 * Which keys are good.
 */
import { digestOf, loadKeys, newKey, type StoredKey } from '../authenticate/keys.ts';
import type { Settings } from '../settings.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** The keys of the file; without one, a development key, which is good for this machine only. */
export function openKeys(settings: Settings): { stored: readonly StoredKey[]; development: string | null } {
  if (settings.TIERGATE_KEYS !== '') return { stored: loadKeys(settings.TIERGATE_KEYS), development: null };
  if (!LOOPBACK.test(settings.TIERGATE_HOST)) {
    throw new Error(
      `TIERGATE_HOST is ${settings.TIERGATE_HOST}, which others can reach, and there is no key file. ` +
        'Make a key with `npm run tiergate -- key new` and name its file in TIERGATE_KEYS.',
    );
  }
  const development = newKey();
  const caller = { keyId: 'development', tenant: 'development', scopes: ['chat', 'handoff'] } as const;
  return { stored: [{ caller, digest: digestOf(development) }], development };
}
