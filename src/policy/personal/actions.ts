/** What becomes of a request with personal data of some kind: what stands in its place, or where it must not go. */
import { isMap, isScalar } from 'yaml';
import type { EntityKind } from '../../personal-kinds.ts';
import { type Outcome, REPLACEMENTS, type Replacement, type Tier } from '../../shapes.ts';
import { type KindTable, meets } from '../kinds.ts';
import { compileOutcome, compileRefusal } from '../outcomes.ts';
import type { Condition, Invariant, Vocabulary } from '../policy.ts';
import type { Place, Reader } from '../reader.ts';

/** Actions that are a word: what stands in the value's place, or that it is left alone. */
export const ACTION_WORDS = ['ignore', ...REPLACEMENTS] as const;
const BECAUSE_CHARS_MAX = 500;

/** A request with such a value does not go to the `never`. */
export interface Stay {
  readonly never: readonly Tier[];
  readonly instead: Outcome;
  readonly because: string;
  /** The last part of the invariant's id. */
  readonly name: 'on_prem' | 'refuse';
  readonly place: Place;
  readonly line: number;
}
export type Action = 'ignore' | Replacement | Stay;

export const stays = (action: Action | undefined): action is Stay => typeof action === 'object';

export interface ActionContext {
  readonly reader: Reader;
  readonly vocabulary: Vocabulary;
}

/** Reads the action of one kind. Null, and a problem reported, where it is none. */
export function readAction(kind: EntityKind, place: Place, context: ActionContext): Action | null {
  const { reader } = context;
  const word = isScalar(place.node) ? place.node.value : null;
  if (word === 'on_prem' || word === 'refuse') {
    const advice = word === 'on_prem' ? 'human: { queue: care, priority: normal }' : 'message: …';
    reader.report(
      place,
      `An action must say more than \`${word}\`.`,
      `Write \`${kind}: { ${word}: { ${advice} } }\`.`,
    );
    return null;
  }
  if (!isMap(place.node)) return reader.word(place, 'an action', ACTION_WORDS);
  const section = reader.section(place, 'an action', ['on_prem', 'refuse', 'because']);
  const because = section.get('because');
  const [onPrem, refuse] = [section.get('on_prem'), section.get('refuse')];
  if ((onPrem === undefined) === (refuse === undefined)) {
    reader.report(place, 'An action has either `on_prem` or `refuse`.');
    return null;
  }
  const said = because ? reader.text(because, '`because`', BECAUSE_CHARS_MAX) : '';
  const { line } = reader.position(place.start);
  if (refuse) {
    const instead = compileRefusal(refuse, context);
    const never = ['local', 'cloud', 'human'] as const;
    return {
      never,
      instead,
      because: said || `A request with ${kind} is refused.`,
      name: 'refuse',
      place,
      line,
    };
  }
  const at = onPrem ?? place;
  const instead = compileOutcome(at, 'on_prem', context);
  const never = ['cloud'] as const;
  return {
    never,
    instead,
    because: said || `A request with ${kind} does not leave the house.`,
    name: 'on_prem',
    place: at,
    line,
  };
}

/** An action as an invariant, so that it is decided, recorded, tested and replayed like any other. */
export interface PlacedInvariant {
  readonly invariant: Invariant;
  /** The key that its outcome stands under. */
  readonly key: 'instead' | Stay['name'];
  /** The place that a problem with its outcome points at. */
  readonly insteadAt: Place;
  /** The place that a problem with its conditions points at. */
  readonly whenAt: Place;
}

export const invariantId = (kind: EntityKind, name: Stay['name']): string =>
  `personal-${kind.toLowerCase()}-${name}`;

/**
 * @param holdsFor whether the action is that of a tenant
 */
export function asInvariant(
  kind: EntityKind,
  stay: Stay,
  kinds: KindTable,
  holdsFor: (tenant: string) => boolean,
): PlacedInvariant {
  const wanted = kinds.set([kind]);
  const plain: readonly Condition[] = [
    { name: 'personal', holds: ({ personal }) => meets(personal, wanted) },
    { name: 'tenant', holds: ({ facts }) => holdsFor(facts.tenant) },
  ];
  const invariant = {
    id: invariantId(kind, stay.name),
    because: stay.because,
    line: stay.line,
    plain: Object.freeze(plain.map((condition) => Object.freeze(condition))),
    never: new Set(stay.never),
    instead: stay.instead,
  };
  return { invariant: Object.freeze(invariant), key: stay.name, insteadAt: stay.place, whenAt: stay.place };
}

/** The kinds of personal data that an invariant names. */
export const kindsOf = ({ plain }: Invariant): readonly EntityKind[] =>
  plain.flatMap(({ kinds = [] }) => kinds);
