/** Compiles a policy's source into the snapshot that is served, or says all that is wrong with it. */
import { createHash } from 'node:crypto';
import { isMap, isScalar } from 'yaml';
import { type Outcome, TIERS, type Tier } from '../shapes.ts';
import { type BandBounds, CONDITIONS, compileWhen, LABELLED_CONDITIONS, type When } from './conditions.ts';
import { scopesOf } from './guarantees.ts';
import { compileOutcome, readName } from './outcomes.ts';
import { kindsOf, type PlacedInvariant } from './personal/actions.ts';
import { compilePersonal, type Personal } from './personal/personal.ts';
import {
  BANDS,
  type BandName,
  type Guaranteed,
  type Invariant,
  type Policy,
  type Rule,
  tiersOf,
  type Vocabulary,
} from './policy.ts';
import { type Place, Reader, type Section } from './reader.ts';

const BECAUSE_CHARS_MAX = 500;
/** The name of the row that decides when there are no labels; no rule may have it. */
const UNCLASSIFIED = 'unclassified';

interface Context {
  readonly reader: Reader;
  readonly vocabulary: Vocabulary;
  readonly bounds: BandBounds;
  readonly personal: Personal;
  /** The ids that are taken, and the line that took each. */
  readonly ids: Map<string, number>;
}

/**
 * @param file the name to give in problems
 * @throws PolicyError with every problem of the source
 */
export function compilePolicy(source: string, file: string, vocabulary: Vocabulary): Policy {
  const reader = new Reader(source, file);
  const { root } = reader;
  const top = ['version', 'bands', 'personal', 'invariants', 'rules', 'unclassified'];
  const section = reader.section(root, 'a policy', top, belongsInARule);
  const version = reader.required(section, 'version', root, 'A policy');
  if (version) readVersion(version, reader);
  const personal = compilePersonal(section.get('personal'), { reader, vocabulary });
  const bounds = readBands(section, reader);
  const context = { reader, vocabulary, bounds, personal, ids: new Map() };
  for (const { invariant } of personal.invariants) context.ids.set(invariant.id, invariant.line);
  const invariantsAt = section.get('invariants');
  const options = { single: false, mayBeEmpty: true };
  const written = (invariantsAt ? reader.list(invariantsAt, '`invariants`', options) : []).map((place) =>
    compileInvariant(place, context),
  );
  personal.check(written);
  const invariants = [...written, ...personal.invariants];
  checkInsteads(invariants, reader);
  const rulesAt = reader.required(section, 'rules', root, 'A policy');
  const rules = (rulesAt ? reader.list(rulesAt, '`rules`', { single: false }) : []).map((place) => ({
    place,
    ...compileRule(place, context),
  }));
  checkOrder(rules, reader);
  const row = reader.required(section, UNCLASSIFIED, root, 'A policy');
  const unclassified = row ? compileUnclassified(row, context) : NO_RULE;
  reader.finish('invalid');
  const scopes = isMap(root.node) ? scopesOf(root.node.toJSON()) : [];
  const guarantees = rules.flatMap(({ rule, errorMax }, i): Guaranteed[] =>
    errorMax === null ? [] : [{ rule: rule.id, errorMax, scope: scopes[i] ?? '' }],
  );
  return Object.freeze({
    revision: createHash('sha256').update(source).digest('hex').slice(0, 12),
    invariants: Object.freeze(invariants.map(({ invariant }) => invariant)),
    rules: Object.freeze(rules.map(({ rule }) => rule)),
    unclassified,
    guarantees: Object.freeze(guarantees),
    kinds: personal.kinds,
    ownKinds: personal.own,
    personalRules: personal.rules(new Set(written.flatMap(({ invariant }) => kindsOf(invariant)))),
  });
}

/** The first key of every file of this language. */
export function readVersion(place: Place, reader: Reader): void {
  if (!isScalar(place.node) || place.node.value !== 1) {
    reader.report(place, 'This version of the language is not known.', 'Write `version: 1`.');
  }
}

function readBands(policy: Section, reader: Reader): BandBounds {
  const place = policy.get('bands');
  const families = Object.keys(BANDS) as BandName[];
  if (!place) return {};
  const section = reader.section(place, '`bands`', families);
  const bounds = families.flatMap((family) => {
    const at = section.get(family);
    if (!at) return [];
    const [first, second, rest] = BANDS[family];
    const elsewhere = (key: string): string | null =>
      key === rest ? `\`${rest}\` is all that is below \`${second}\`, and has no bound of its own.` : null;
    const what = `\`${family}\``;
    const band = reader.section(at, what, [first, second], elsewhere);
    const bound = (name: string): number | null => {
      const place = reader.required(band, name, at, what);
      return place && reader.number(place, `\`${name}\``, 0, 1);
    };
    const [from, below] = [bound(first), bound(second)];
    if (from === null || below === null) return [[family, [0, 0]]];
    if (from <= below) reader.report(band.get(first) ?? at, `\`${first}\` must begin above \`${second}\`.`);
    return [[family, [from, below]]];
  });
  return Object.fromEntries(bounds) as BandBounds;
}

const RULE_KEYS = ['id', 'because', 'when', 'then'];
/** The keys of a rule that is for every request. */
const KEYS_FOR_ALL = new Set<unknown>(RULE_KEYS.filter((key) => key !== 'when'));
const NO_OUTCOME: Outcome = { tier: 'refuse', message: '' };
const NO_RULE: Rule = {
  id: UNCLASSIFIED,
  because: '',
  line: 0,
  plain: [],
  labelled: [],
  outcome: NO_OUTCOME,
};

function compileRule(place: Place, context: Context): Pick<When, 'errorMax'> & { readonly rule: Rule } {
  const { reader } = context;
  const section = reader.section(place, 'a rule', RULE_KEYS, belongsInARule);
  const { id, because, line } = readTitle(section, place, 'A rule', context);
  const { plain, labelled, errorMax } = readWhen(section, 'a rule', id, context);
  const then = reader.required(section, 'then', place, 'A rule');
  const outcome = then ? compileOutcome(then, 'then', context) : NO_OUTCOME;
  return { rule: Object.freeze({ id, because, line, plain, labelled, outcome }), errorMax };
}

function compileUnclassified(place: Place, context: Context): Rule {
  const { reader } = context;
  const section = reader.section(place, `\`${UNCLASSIFIED}\``, ['because', 'then'], (key) =>
    key === 'when' ? 'This row decides whenever there are no labels; it has no conditions.' : null,
  );
  const because = readBecause(section, place, `\`${UNCLASSIFIED}\``, reader);
  const then = reader.required(section, 'then', place, `\`${UNCLASSIFIED}\``);
  const outcome = then ? compileOutcome(then, 'then', context) : NO_OUTCOME;
  const { line } = reader.position(place.start);
  return Object.freeze({ id: UNCLASSIFIED, because, line, plain: [], labelled: [], outcome });
}

function compileInvariant(place: Place, context: Context): PlacedInvariant {
  const { reader } = context;
  const keys = ['id', 'because', 'when', 'never', 'instead'];
  const section = reader.section(place, 'an invariant', keys, (key) =>
    key === 'then' ? 'An invariant says `never` and `instead`.' : belongsInARule(key),
  );
  const { id, because, line } = readTitle(section, place, 'An invariant', context);
  const { plain, labelled } = readWhen(section, 'an invariant', id, context);
  const [needsLabels] = labelled;
  if (needsLabels) {
    const at = section.get('when') ?? place;
    reader.report(
      keyPlace(at, needsLabels.name),
      `An invariant cannot depend on \`${needsLabels.name}\`: it must hold even when the classifier is down.`,
      `It can depend on: ${CONDITIONS.filter((name) => !LABELLED_CONDITIONS.includes(name)).join(', ')}.`,
    );
  }
  const never = reader.required(section, 'never', place, 'An invariant');
  const instead = reader.required(section, 'instead', place, 'An invariant');
  const tiers = never ? reader.words(never, 'never', 'an outcome', TIERS) : [];
  const outcome = instead ? compileOutcome(instead, 'instead', context) : NO_OUTCOME;
  const invariant = { id, because, line, plain, never: new Set<Tier>(tiers), instead: outcome };
  return {
    invariant: Object.freeze(invariant),
    key: 'instead',
    insteadAt: instead ?? place,
    whenAt: section.get('when') ?? place,
  };
}

function readTitle(section: Section, place: Place, what: string, context: Context) {
  const { reader, ids } = context;
  const { line } = reader.position(place.start);
  const at = reader.required(section, 'id', place, what);
  const id = at ? readName(at, 'An `id`', reader) : '';
  const taken = ids.get(id);
  if (at && taken !== undefined) reader.report(at, `The id \`${id}\` is taken on line ${taken}.`);
  else if (at && id === UNCLASSIFIED) reader.report(at, `The id \`${id}\` is kept for the row of that name.`);
  else if (at && id !== '') ids.set(id, line);
  return { id, line, because: readBecause(section, place, what, reader) };
}

function readBecause(section: Section, place: Place, what: string, reader: Reader): string {
  const because = section.get('because');
  if (because) return reader.text(because, '`because`', BECAUSE_CHARS_MAX);
  reader.required(section, 'because', place, what);
  return '';
}

function readWhen(section: Section, owner: string, id: string, context: Context): When {
  const when = section.get('when');
  if (!when) return { plain: [], labelled: [], errorMax: null };
  if (isMap(when.node) && when.node.items.length === 0) {
    context.reader.report(
      when,
      '`when` has no conditions.',
      'Leave it out if this is meant for every request.',
    );
  }
  return compileWhen(when, owner, id, context);
}

/**
 * Invariants are applied in one pass, so what a later one puts in place must not break it or an earlier one. Whether
 * two can hold at once is not asked: the order that makes a policy safe should be plain to see.
 */
function checkInsteads(placed: readonly PlacedInvariant[], reader: Reader): void {
  for (const [i, { invariant, key, insteadAt }] of placed.entries()) {
    const breaks = (other: Invariant): Tier | undefined =>
      tiersOf(invariant.instead).find((tier) => other.never.has(tier));
    const own = breaks(invariant);
    if (own) reader.report(insteadAt, `\`${key}\` leads to ${own}, which this invariant itself forbids.`);
    const above = placed.slice(0, i).find(({ invariant: other }) => breaks(other))?.invariant;
    if (!above || own) continue;
    reader.report(
      insteadAt,
      `\`${key}\` leads to ${breaks(above)}, which the invariant \`${above.id}\` on line ${above.line} forbids.`,
      key === 'instead' ? `Move this invariant above \`${above.id}\`, or choose another \`instead\`.` : null,
    );
  }
}

/** The last rule, and only the last, is without conditions: every request is decided, and every rule can be reached. */
function checkOrder(placed: readonly { place: Place; rule: Rule }[], reader: Reader): void {
  const isForAll = ({ place }: { place: Place }): boolean =>
    isMap(place.node) && place.node.items.every(({ key }) => isScalar(key) && KEYS_FOR_ALL.has(key.value));
  const all = placed.find(isForAll);
  const last = placed.at(-1);
  if (!all && isMap(last?.place.node)) {
    reader.report(
      { ...last.place, end: last.place.start + 1 },
      'The last rule must be for every request, so that none is left undecided.',
      'Add a rule without `when` below this one.',
    );
  }
  if (!all || all === last) return;
  const next = placed[placed.indexOf(all) + 1];
  const line = all.rule.line;
  if (next) {
    reader.report(
      { ...next.place, end: next.place.start + 1 },
      `No request gets here: the rule \`${all.rule.id}\` on line ${line} has no conditions and takes all.`,
      `Move this rule above \`${all.rule.id}\`.`,
    );
  }
}

/** Where a key stands within a mapping, or the mapping itself. */
function keyPlace(place: Place, name: string): Place {
  const pair = isMap(place.node)
    ? place.node.items.find(({ key }) => isScalar(key) && key.value === name)
    : undefined;
  const range = isScalar(pair?.key) ? pair.key.range : undefined;
  return range ? { node: null, start: range[0], end: range[1] } : place;
}

/** What to say to someone who wrote a condition or an outcome one level too far out. */
function belongsInARule(key: string): string | null {
  if (CONDITIONS.includes(key)) return `It belongs under \`when\`.`;
  if (TIERS.some((tier) => tier === key)) return `It belongs under \`then\`.`;
  return null;
}
