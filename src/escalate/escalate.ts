/**
 * The escalate stage: asks the cloud models that the policy names, in its order, until one answers. It accepts nothing
 * but a RedactedInquiry, and every request it sends passes the egress guard.
 */
import { TiergateError } from '../errors.ts';
import type { Answer, RedactedInquiry } from '../shapes.ts';
import { ask, type ExchangeLimits } from '../upstream/exchange.ts';
import { findModel, type Provider, type Providers } from '../upstream/providers.ts';
import type { Transport } from '../upstream/transport.ts';

export interface Escalated {
  readonly answer: Answer;
  /** False where the answer shows what left, and is to be shown as it is: the rehearsal. */
  readonly restores: boolean;
}

/** The model that is asked, and where, as far as configuration knows it. */
export interface CallTarget {
  readonly provider: string;
  readonly model: string;
  readonly serverAddress?: string | undefined;
  readonly serverPort?: number | undefined;
}

/** One model being asked, as the trace sees it. */
export interface Call {
  /** W3C trace context for the server. */
  readonly headers: Readonly<Record<string, string>>;
  end(how: { readonly error: unknown; readonly attempts: number }): void;
}

export type Escalate = (
  inquiry: RedactedInquiry,
  models: readonly string[],
  context: {
    /** Opens a call; the stage ends those that fail, the one that answers ends with its answer. */
    readonly open: (target: CallTarget) => Call;
    readonly signal: AbortSignal;
  },
) => Promise<Escalated>;

/**
 * @param transports the guarded HTTP transport, and the rehearsal behind the same guard
 */
export function createEscalate(
  providers: () => Providers,
  transports: { readonly http: Transport; readonly rehearsal: Transport },
  limits: ExchangeLimits,
): Escalate {
  return async (inquiry, models, { open, signal }) => {
    const targets = choose(providers(), models, inquiry.model);
    let attempts = 0;
    const onAttempt = (): void => {
      attempts++;
    };
    let failure: unknown;
    for (const { provider, model } of targets) {
      const { body, stream, forbidden, rules } = inquiry;
      const transport = provider.format === 'rehearsal' ? transports.rehearsal : transports.http;
      const call = open({ provider: provider.name, model, ...placeOf(provider) });
      const { headers } = call;
      try {
        const question = { provider, model, body, stream, forbidden, rules, headers, signal, onAttempt };
        const reply = await ask(question, transport, limits);
        const origin = { tier: 'cloud', provider: provider.name, model, sources: [] } as const;
        return {
          answer: { ...origin, ...reply, attempts },
          restores: provider.restores,
        };
      } catch (error) {
        call.end({ error, attempts });
        signal.throwIfAborted();
        if (!mayFallBack(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  };
}

/** Where a provider's server is; the rehearsal is nowhere. */
function placeOf({ baseUrl }: Provider): Pick<CallTarget, 'serverAddress' | 'serverPort'> {
  const url = URL.parse(baseUrl);
  if (url === null || url.hostname === '') return {};
  const usual = url.protocol === 'https:' ? 443 : 80;
  return { serverAddress: url.hostname, serverPort: url.port === '' ? usual : Number(url.port) };
}

/**
 * A request that one model calls invalid, the next would too; a fault of the gateway's own is never passed on. A key or an
 * address that is wrong is that provider's alone.
 */
function mayFallBack(error: unknown): boolean {
  if (!(error instanceof TiergateError)) return false;
  if (error.code === 'escalate_credentials' || error.code === 'escalate_host_refused') return true;
  return error.row.retryable && error.row.blame !== 'gateway';
}

/** The models to try: the policy's, else the one the application named, else the first provider's default. */
function choose(
  providers: Providers,
  models: readonly string[],
  asked: string,
): readonly { provider: Provider; model: string }[] {
  if (models.length > 0) {
    const known = models.flatMap((name) => findModel(providers, name) ?? []);
    if (known.length > 0) return known;
    // With nothing but the rehearsal, every cloud model is rehearsed.
    if (providers[0].format !== 'rehearsal') throw new TiergateError('escalate_no_provider');
  }
  return [findModel(providers, asked) ?? { provider: providers[0], model: providers[0].models[0] }];
}
