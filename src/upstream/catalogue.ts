/**
 * The models that can be named: those that are configured, and of providers that are known by nothing but a key, those
 * that they list themselves. Policies name configured models only, so that a check of a policy needs no network.
 */
import type { Json } from '../shapes.ts';
import { isObject, parseJson } from '../wire/json.ts';
import { FORMATS } from './formats.ts';
import { gather } from './gather.ts';
import type { Provider, Providers } from './providers.ts';
import type { Get } from './transport.ts';

export interface Catalogue {
  /** The providers with all their models, as far as they are known by now. */
  readonly providers: () => Providers;
  /** Asks for the lists. Never rejects: a provider that does not answer keeps the list it had. */
  refresh(): Promise<void>;
  close(): void;
}

const LIST_BYTES_MAX = 1_048_576;
const LISTED_MAX = 1_000;
const NAME = /^[A-Za-z0-9][\w.:/@-]{0,127}$/;
const REFRESH_INTERVAL_MS = 3_600_000;

/** @param waitMsMax longest wait for one list */
export function createCatalogue(configured: Providers, get: Get, waitMsMax: number): Catalogue {
  let known = configured;
  const refresh = async (): Promise<void> => {
    const [first, ...rest] = await Promise.all(
      known.map((provider) => (provider.listsModels ? withListed(provider, get, waitMsMax) : provider)),
    );
    if (first !== undefined) known = [first, ...rest];
  };
  const timer = setInterval(() => void refresh(), REFRESH_INTERVAL_MS).unref();
  return { providers: () => known, refresh, close: () => clearInterval(timer) };
}

async function withListed(provider: Provider, get: Get, waitMsMax: number): Promise<Provider> {
  try {
    const { status, body } = await get({
      url: `${provider.baseUrl}/models`,
      headers: {},
      credentials: FORMATS[provider.format].headers(provider.apiKey),
      signal: AbortSignal.timeout(waitMsMax),
    });
    // Read whatever the status is: a body left unread keeps its connection.
    const text = await gather(body, LIST_BYTES_MAX);
    const listed = status === 200 && text !== undefined ? namesIn(parseJson(text)) : [];
    const [first, ...others] = provider.models;
    return {
      ...provider,
      models: [first, ...new Set([...others, ...listed].filter((name) => name !== first))],
    };
  } catch {
    // Not there, not in time, not a list: what is configured works all the same, and the next refresh asks again.
    return provider;
  }
}

/** OpenAI and Anthropic list alike: `{ "data": [{ "id": … }] }`. */
function namesIn(list: Json): string[] {
  const rows = isObject(list) && Array.isArray(list.data) ? list.data : [];
  return rows
    .flatMap((row) => (isObject(row) && typeof row.id === 'string' && NAME.test(row.id) ? [row.id] : []))
    .slice(0, LISTED_MAX);
}
