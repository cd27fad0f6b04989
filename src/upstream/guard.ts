/**
 * The egress guard: the last look at what is about to leave the perimeter. It knows nothing of how the bytes came to
 * be, so a fault anywhere before it is caught here. It searches address, headers and body, first for every value that
 * was replaced, in every encoding, then for personal data of any kind. It fails closed: what it cannot read, or not in
 * time, does not leave. Whoever operates the gateway is told of each, without the value.
 */
import { type ErrorCode, TiergateError } from '../errors.ts';
import type { Json, PersonalRules } from '../shapes.ts';
import { type InPieces, inTurns } from '../turns.ts';
import { parseJson } from '../wire/json.ts';
import type { OnBlocked, Place, WhyBlocked } from './blocked.ts';
import type { Egress } from './egress.ts';
import { boundaryOf, readParts } from './form-data.ts';
import type { Get, Outgoing, Transport } from './transport.ts';
import { ValueSearch } from './value-search.ts';

/**
 * Searches a document for personal data that counts by the rules (any, if there are none): one item for each piece of
 * work, true as soon as there is some. Given by assembly, as rooms to the left know no stage.
 */
export type SearchPersonal = (document: Json, rules?: PersonalRules) => Iterable<boolean>;

export interface GuardOptions {
  readonly search: SearchPersonal;
  readonly egress: Pick<Egress, 'find'>;
  /** Most work on all searches of one request. */
  readonly workMsMax: number;
  readonly onBlocked: OnBlocked;
}

/** Puts the guard in front of a transport. */
export function guarded(transport: Transport, options: GuardOptions): Transport {
  return async (outgoing) => {
    await check(outgoing, options);
    return transport(outgoing);
  };
}

/** The same for questions that have no body. */
export function guardedGet(get: Get, options: GuardOptions): Get {
  return async (question) => {
    await check({ ...question, forbidden: [], body: null }, options);
    return get(question);
  };
}

/** What is checked: a GET has no body. */
type Checked = Omit<Outgoing, 'body'> & { readonly body: string | null };

interface Objection {
  readonly why: WhyBlocked;
  readonly place: Place;
  readonly cause?: unknown;
}

const CODES: Readonly<Record<WhyBlocked, ErrorCode>> = {
  replaced_value: 'escalate_blocked',
  personal_data: 'escalate_blocked',
  unreadable: 'escalate_blocked',
  failed: 'escalate_unchecked',
  late: 'escalate_unchecked',
  unknown_host: 'escalate_host_refused',
  address_refused: 'escalate_host_refused',
  redirected: 'escalate_host_refused',
};

async function check(outgoing: Checked, options: GuardOptions): Promise<void> {
  const address = options.egress.find(outgoing.url);
  const objection =
    address === undefined
      ? ({ why: 'unknown_host', place: 'address' } as const)
      : await lookOver(partsOf(outgoing, address.beyond), outgoing, options);
  if (objection === null) return;
  const { why, place, cause } = objection;
  const traceId = TRACEPARENT.exec(outgoing.headers.traceparent ?? '')?.[1];
  options.onBlocked({ why, place, host: address?.host, traceId });
  throw new TiergateError(CODES[why], { detail: `${why} in ${place}`, cause });
}

/** The first thing that speaks against letting these parts leave; null if there is none. */
async function lookOver(
  parts: readonly Part[],
  { forbidden, rules, signal }: Checked,
  { search, workMsMax }: GuardOptions,
): Promise<Objection | null> {
  const clock = { workedMs: 0, workMsMax };
  const values = new ValueSearch(forbidden);
  for (const { place, text, read } of parts) {
    try {
      if (await inTurns(isFound(values.lookIn(text), clock), signal)) return { why: 'replaced_value', place };
      const document = read();
      if (document === undefined) return { why: 'unreadable', place };
      if (await inTurns(isFound(search(document, rules), clock), signal))
        return { why: 'personal_data', place };
    } catch (cause) {
      signal.throwIfAborted();
      return cause === LATE ? { why: 'late', place } : { why: 'failed', place, cause };
    }
  }
  return null;
}

const LATE = new Error('The check takes too long.');

/** What the searches of one request have taken, their waits for others not counted. */
interface Clock {
  workedMs: number;
  readonly workMsMax: number;
}

/** Goes through a search until it finds something. @throws LATE */
function* isFound(search: Iterable<boolean>, clock: Clock): InPieces<boolean> {
  const pieces = search[Symbol.iterator]();
  for (;;) {
    const beganMs = performance.now();
    const { done, value } = pieces.next();
    clock.workedMs += performance.now() - beganMs;
    // Too late is too late, even for the last piece: a limit that a long piece may pass is none.
    if (clock.workedMs > clock.workMsMax) throw LATE;
    if (done === true || value) return done !== true;
    yield;
  }
}

/** A part of what leaves: its text as it is sent, and the document to search in it, undefined if it cannot be read. */
interface Part {
  readonly place: Place;
  readonly text: string;
  readonly read: () => Json | undefined;
}

/** @param beyond what the URL adds to the configured one, whose own words are nobody's personal data */
function partsOf({ headers, body }: Checked, beyond: string): Part[] {
  const rows = Object.entries(headers);
  const unusual = rows.filter(([name, value]) => MADE_HERE[name]?.test(value) !== true);
  const parts: Part[] = [
    { place: 'address', text: beyond, read: () => beyond },
    { place: 'headers', text: rows.flat().join('\n'), read: () => Object.fromEntries(unusual) },
  ];
  if (body === null) return parts;
  return [...parts, { place: 'body', text: body, read: () => documentIn(body, headers['content-type']) }];
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
/**
 * Headers that tiergate makes, and their forms. Random digits look like a number of somebody's now and then, so these
 * are searched for replaced values only.
 */
const MADE_HERE: Readonly<Record<string, RegExp>> = {
  'content-type': /^application\/json$/,
  traceparent: TRACEPARENT,
  'webhook-id': /^ho_[0-9a-z]{26}$/,
  'webhook-timestamp': /^\d{1,12}$/,
  'webhook-signature': /^v1,[A-Za-z0-9+/]{43}=$/,
};

function documentIn(body: string, contentType = 'application/json'): Json | undefined {
  try {
    const boundary = boundaryOf(contentType);
    return boundary === undefined ? parseJson(body) : readParts(body, boundary);
  } catch {
    return undefined;
  }
}
