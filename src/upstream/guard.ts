/**
 * The egress guard: the last look at what is about to leave the perimeter. It knows nothing of how the bytes came to
 * be, so a fault anywhere before it is caught here. It fails closed: what it cannot read does not leave.
 */
import { TiergateError } from '../errors.ts';
import { Literals } from '../literals.ts';
import type { Json, PersonalRules } from '../shapes.ts';
import { parseJson } from '../wire/json.ts';
import type { Outgoing, Transport } from './transport.ts';

/**
 * Puts the guard in front of a transport.
 * @param containsPersonal finds personal data in a JSON body; given by assembly, as rooms to the left know no stage.
 */
export function guarded(transport: Transport, containsPersonal: ContainsPersonal): Transport {
  return async (outgoing) => {
    check(outgoing, containsPersonal);
    return transport(outgoing);
  };
}

/** Whether a body holds personal data; what counts as such is everything, if not given. */
type ContainsPersonal = (body: Json, rules?: PersonalRules) => boolean;

function check({ body, forbidden, rules }: Outgoing, containsPersonal: ContainsPersonal): void {
  const asSent = forbidden.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
  if (asSent.length > 0 && new Literals(asSent).isIn(body)) block('a value that was replaced');
  let parsed: Json;
  try {
    parsed = parseJson(body);
  } catch (cause) {
    throw new TiergateError('escalate_blocked', { detail: 'a body that cannot be read', cause });
  }
  if (containsPersonal(parsed, rules)) block('a value that was never replaced');
}

function block(detail: string): never {
  throw new TiergateError('escalate_blocked', { detail });
}
