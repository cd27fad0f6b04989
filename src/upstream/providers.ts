/**
 * The model servers tiergate may talk to. A provider is data: a name, a format, an address, a key, its models.
 *
 * ```yaml
 * providers:
 *   - name: openai
 *     format: openai                  # or anthropic
 *     base_url: https://api.openai.com/v1
 *     api_key_env: OPENAI_API_KEY     # the variable that holds the key; the key itself is never in a file
 *     models: [gpt-5-mini, gpt-5]     # the first is the default
 * ```
 */
import type { Settings } from '../settings.ts';
import { readRows } from '../wire/rows.ts';
import { REHEARSAL_URL } from './rehearsal.ts';

export interface Provider {
  readonly name: string;
  readonly format: 'openai' | 'anthropic' | 'rehearsal';
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** The first is the default. */
  readonly models: readonly [string, ...string[]];
  /** Whether it also serves the models that it lists: true where a key is all that is known of it. */
  readonly listsModels: boolean;
  /** False for the rehearsal: what it shows is what would leave, placeholders and all. */
  readonly restores: boolean;
}

/** In order; the first one's default model is the default. */
export type Providers = readonly [Provider, ...Provider[]];

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const PROVIDER_KEYS = ['name', 'format', 'base_url', 'api_key_env', 'models'];
const PROVIDERS_MIB_MAX = 1;

const REHEARSAL: Provider = {
  name: 'rehearsal',
  format: 'rehearsal',
  baseUrl: REHEARSAL_URL,
  apiKey: undefined,
  models: ['rehearsal'],
  listsModels: false,
  restores: false,
};

/**
 * The configured providers, in order; the rehearsal alone when there is no key for any.
 * @throws RowsError naming everything at fault in the providers file
 */
export function loadProviders(settings: Settings): Providers {
  const file = settings.TIERGATE_PROVIDERS;
  const [first, ...rest] = file === '' ? fromKeys(settings) : fromFile(file, settings);
  return first === undefined ? [REHEARSAL] : [first, ...rest];
}

/** With nothing but a key in the environment, the two best-known clouds are there. */
function fromKeys(settings: Settings): Provider[] {
  const known = [
    {
      name: 'openai',
      format: 'openai',
      url: 'https://api.openai.com/v1',
      key: 'OPENAI_API_KEY',
      base: 'OPENAI_BASE_URL',
      models: ['gpt-5-mini', 'gpt-5', 'gpt-5-nano'],
    },
    {
      name: 'anthropic',
      format: 'anthropic',
      url: 'https://api.anthropic.com/v1',
      key: 'ANTHROPIC_API_KEY',
      base: 'ANTHROPIC_BASE_URL',
      models: ['claude-haiku-4-5', 'claude-sonnet-4-5'],
    },
  ] as const;
  return known.flatMap(({ name, format, url, key, base, models }) => {
    const apiKey = settings.secret(key);
    const given = (settings.secret(base) ?? url).replace(/\/+$/, '');
    // Anthropic's own SDK takes its address without the version, OpenAI's with it; both are right here.
    const baseUrl = given.endsWith('/v1') || format === 'openai' ? given : `${given}/v1`;
    return apiKey ? [{ name, format, baseUrl, apiKey, models, listsModels: true, restores: true }] : [];
  });
}

function fromFile(file: string, settings: Settings): Provider[] {
  return readRows({
    file,
    setting: 'TIERGATE_PROVIDERS',
    key: 'providers',
    sizeMiBMax: PROVIDERS_MIB_MAX,
    notYaml: ({ message }, line) => `${line}: ${message}`,
    readRow: (row, problem) => readProvider(row, settings, problem),
    together: (providers) =>
      new Set(providers.map(({ name }) => name)).size < providers.length
        ? ['Two providers have the same name.']
        : [],
  });
}

function readProvider(row: unknown, settings: Settings, problem: (what: string) => void): Provider[] {
  if (typeof row !== 'object' || row === null) {
    problem('A provider must be a mapping.');
    return [];
  }
  const { name, format, base_url, api_key_env, models } = row as Record<string, unknown>;
  for (const key of Object.keys(row))
    if (!PROVIDER_KEYS.includes(key)) problem(`\`${key}\` is not a key of a provider.`);
  if (typeof name !== 'string' || !NAME.test(name))
    problem('`name` must be lower-case letters, digits, - and _.');
  if (format !== 'openai' && format !== 'anthropic') problem('`format` must be openai or anthropic.');
  if (typeof base_url !== 'string' || !isHttpUrl(base_url))
    problem('`base_url` must be an http or https address.');
  const isModels =
    Array.isArray(models) && models.length > 0 && models.every((m) => typeof m === 'string' && m !== '');
  if (!isModels) problem('`models` must name at least one model.');
  const apiKey = typeof api_key_env === 'string' ? settings.secret(api_key_env) : undefined;
  if (api_key_env !== undefined && !apiKey)
    problem(`The variable ${String(api_key_env)} (api_key_env) is not set.`);
  return [
    {
      name: String(name),
      format: format === 'anthropic' ? 'anthropic' : 'openai',
      baseUrl: String(base_url).replace(/\/+$/, ''),
      apiKey,
      models: models as [string, ...string[]],
      // The operator's list is a fence.
      listsModels: false,
      restores: true,
    },
  ];
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '';
}

/** A model as `provider/model`, the way policies and applications name it. */
export const qualifiedName = (provider: Provider, model: string): string => `${provider.name}/${model}`;

/** Every name by which a policy may ask for a model; undefined with nothing but the rehearsal, which takes any. */
export function namesInPolicies(providers: readonly Provider[]): readonly string[] | undefined {
  if (providers.every(({ format }) => format === 'rehearsal')) return undefined;
  return providers.flatMap((provider) => [
    provider.name,
    ...provider.models,
    ...provider.models.map((model) => qualifiedName(provider, model)),
  ]);
}

/** Finds the provider of `provider/model`, of a bare model name, or of a provider's name (its default model). */
export function findModel(
  providers: readonly Provider[],
  name: string,
): { readonly provider: Provider; readonly model: string } | undefined {
  for (const provider of providers) {
    if (name === provider.name) return { provider, model: provider.models[0] };
    for (const model of provider.models) {
      if (name === model || name === qualifiedName(provider, model)) return { provider, model };
    }
  }
  return undefined;
}
