/** The section `personal` of a policy: what counts as personal data, for all and for each tenant, and what becomes of it. */
import { isMap, isScalar } from 'yaml';
import { type CustomKind, ENTITY_KINDS, type EntityKind } from '../../personal-kinds.ts';
import type { PersonalRules } from '../../shapes.ts';
import { isCustomKind, KindTable } from '../kinds.ts';
import { rulesOf, type Written } from '../personal-rules.ts';
import { type Situation, situationOf } from '../policy.ts';
import { quote } from '../problem.ts';
import type { Place, Reader } from '../reader.ts';
import {
  type Action,
  type ActionContext,
  asInvariant,
  kindsOf,
  type PlacedInvariant,
  readAction,
  stays,
} from './actions.ts';
import { Allowed } from './allowed.ts';
import { Custom } from './custom.ts';
import { Denied } from './denied.ts';
import { readAllow, readCustom, readDeny } from './lists.ts';
import { PATTERNS_SIZE_MAX, sizeOf } from './patterns.ts';

/** The section, compiled. */
export interface Personal {
  readonly kinds: KindTable;
  /** The kinds that rules may speak of: what is searched for, for any tenant. */
  readonly known: readonly EntityKind[];
  /** The kinds of the policy's own. */
  readonly own: readonly CustomKind[];
  /** Of the actions that keep a request in the house, or refuse it. */
  readonly invariants: readonly PlacedInvariant[];
  /** Reports invariants that would not hold, as what they name is not searched for. */
  readonly check: (invariants: readonly PlacedInvariant[]) => void;
  /** @param decisive kinds that invariants speak of */
  readonly rules: (decisive: ReadonlySet<EntityKind>) => (tenant: string) => PersonalRules;
}

/** The keys of the section, and of a tenant's part of it. */
export const KEYS = ['kinds', 'thresholds', 'allow', 'deny', 'custom', 'actions', 'answers'];
export const ANSWERS = ['report', 'mask'] as const;
const KIND = 'a kind of personal data that is searched for';
const NOTHING: Written = {
  kinds: null,
  thresholds: new Map(),
  actions: new Map(),
  allowed: new Allowed([]),
  denied: new Denied([]),
  custom: new Custom([]),
  answers: 'report',
};

export function compilePersonal(place: Place | undefined, context: ActionContext): Personal {
  const { reader, vocabulary } = context;
  const builtIn = vocabulary.kinds ?? ENTITY_KINDS;
  const section = place ? reader.section(place, '`personal`', [...KEYS, 'tenants']) : null;
  const all = section ? readSection(section, NOTHING, builtIn, context) : NOTHING;
  const tenants = new Map<string, Written>();
  const tenantsAt = section?.get('tenants');
  if (tenantsAt) {
    const names = vocabulary.tenants ?? keysOf(tenantsAt);
    for (const [tenant, at] of reader.section(tenantsAt, '`tenants`', names)) {
      const own = reader.section(at, `the section of a tenant`, KEYS);
      tenants.set(tenant, readSection(own, all, builtIn, context));
    }
  }
  const everyone = [all, ...tenants.values()];
  if (everyone.some(isTooLarge) && place) {
    reader.report({ ...place, end: place.start + 1 }, 'The patterns of `personal` are too large together.');
  }
  const own = new Set(everyone.flatMap(ownKinds));
  const ownNames = [...own].filter(isCustomKind);
  const kinds = new KindTable(ownNames);
  const searched = builtIn.filter((kind) => everyone.some((written) => isSearched(written, kind)));
  return {
    kinds,
    own: ownNames,
    known: [...new Set([...searched, ...own])],
    invariants: invariantsOf(all, tenants, kinds),
    check: (invariants) => checkSearched(invariants, [[null, all], ...tenants], reader),
    rules: (decisive) => {
      const [rules, theirs] = [rulesOf(all, decisive), new Map<string, PersonalRules>()];
      for (const [tenant, written] of tenants) theirs.set(tenant, rulesOf(written, decisive));
      return (tenant) => theirs.get(tenant) ?? rules;
    },
  };
}

/** Reads a section on top of what is said for all: lists are added to, what is said of a kind takes the place of it. */
function readSection(
  section: ReadonlyMap<string, Place>,
  above: Written,
  builtIn: readonly EntityKind[],
  context: ActionContext,
): Written {
  const { reader } = context;
  const [kindsAt, thresholdsAt, allowAt, denyAt, customAt, actionsAt, answersAt] = KEYS.map((key) =>
    section.get(key),
  );
  const custom = above.custom.with(customAt ? readCustom(customAt, reader) : []);
  const denied = above.denied.with(denyAt ? readDeny(denyAt, ENTITY_KINDS, reader) : []);
  const kinds = kindsAt ? new Set(reader.words(kindsAt, 'kinds', KIND, builtIn)) : above.kinds;
  const own = ownKinds({ custom, denied });
  const known = [...new Set([...builtIn.filter((kind) => kinds === null || kinds.has(kind)), ...own])];
  const thresholds = new Map(above.thresholds);
  for (const [kind, at] of thresholdsAt ? reader.section(thresholdsAt, '`thresholds`', known) : []) {
    const score = reader.number(at, 'A threshold', 0, 1);
    if (score !== null) thresholds.set(kind as EntityKind, score);
  }
  const actions = new Map(above.actions);
  for (const [kind, at] of actionsAt ? reader.section(actionsAt, '`actions`', known) : []) {
    const action = readAction(kind as EntityKind, at, context);
    if (action !== null) actions.set(kind as EntityKind, action);
  }
  const allowed = above.allowed.with(allowAt ? readAllow(allowAt, known, reader) : []);
  const answers =
    (answersAt && reader.word(answersAt, 'a word for what happens with answers', ANSWERS)) ?? above.answers;
  return { kinds, thresholds, actions, allowed, denied, custom, answers };
}

/** Kinds that a list defines: they are found whatever `kinds` says. */
const ownKinds = ({ custom, denied }: Pick<Written, 'custom' | 'denied'>): EntityKind[] =>
  [...custom.rows, ...denied.values].map(({ kind }) => kind);

const isSearched = ({ kinds, actions }: Written, kind: EntityKind): boolean =>
  (kinds === null || kinds.has(kind)) && actions.get(kind) !== 'ignore';

const isTooLarge = ({ custom, allowed }: Written): boolean =>
  [custom.rows, allowed.rows].some(
    (rows) => sizeOf(rows.flatMap(({ pattern }) => pattern ?? [])) > PATTERNS_SIZE_MAX,
  );

/** Those that refuse come last: what they forbid, another one's `instead` may lead to. */
function invariantsOf(
  all: Written,
  tenants: ReadonlyMap<string, Written>,
  kinds: KindTable,
): PlacedInvariant[] {
  const actionOf = (tenant: string, kind: EntityKind): Action | undefined =>
    (tenants.get(tenant) ?? all).actions.get(kind);
  const found = new Map<Action, EntityKind>();
  for (const { actions } of [all, ...tenants.values()]) {
    for (const [kind, action] of actions) if (stays(action)) found.set(action, kind);
  }
  const placed = [...found].flatMap(([stay, kind]) =>
    stays(stay)
      ? [{ stay, one: asInvariant(kind, stay, kinds, (tenant) => actionOf(tenant, kind) === stay) }]
      : [],
  );
  return (['on_prem', 'refuse'] as const).flatMap((name) =>
    placed.filter(({ stay }) => stay.name === name).map(({ one }) => one),
  );
}

/** What an invariant promises, a list of kinds or an `ignore` must not take back, not for one tenant either. */
function checkSearched(
  placed: readonly PlacedInvariant[],
  sections: readonly (readonly [tenant: string | null, Written])[],
  reader: Reader,
): void {
  for (const { invariant, whenAt } of placed) {
    const tenants = invariant.plain.find(({ name }) => name === 'tenant');
    const isFor = (tenant: string | null): boolean =>
      tenants === undefined || (tenant !== null && tenants.holds(requestOf(tenant)));
    for (const [tenant, written] of sections.filter(([tenant]) => isFor(tenant))) {
      const missing = kindsOf(invariant).find((kind) => isMissed(written, kind));
      if (missing === undefined) continue;
      const whose = tenant === null ? 'of all tenants' : `of the tenant ${quote(tenant)}`;
      reader.report(
        whenAt,
        `\`${missing}\` is not searched for in requests ${whose}, so this would not hold there.`,
        'See `personal`, or name under `when` the tenants that this is for.',
      );
    }
  }
}

const isMissed = (written: Written, kind: EntityKind): boolean =>
  written.actions.get(kind) === 'ignore' ||
  (!isCustomKind(kind) && !isSearched(written, kind) && !ownKinds(written).includes(kind));

/** Nothing is known of it but whose it is. */
const requestOf = (tenant: string): Situation =>
  situationOf({ tenant, model: '', features: [], promptTokens: 0, personal: {} }, new KindTable());

/** The names of a mapping whose names are not known beforehand. */
function keysOf({ node }: Place): readonly string[] {
  return isMap(node) ? node.items.flatMap(({ key }) => (isScalar(key) ? String(key.value) : [])) : [];
}
