/**
 * Reads a policy's YAML with every value's place, and collects all that is wrong with it instead of stopping at the
 * first. Bounds come first: a hostile file costs no more than a large one.
 */
import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, Parser } from 'yaml';
import { drawExcerpt, fileProblem, PolicyError, type Problem, quote, type Refusal } from './problem.ts';
import { suggest } from './suggestion.ts';

/** Largest policy or tests file. A rule takes about 300 bytes. */
export const POLICY_BYTES_MAX = 524_288;
/** Deepest nesting. The language itself needs nine levels. */
const DEPTH_MAX = 24;
/** Most problems reported at once. */
const PROBLEMS_MAX = 100;
const CARETS_MAX = 60;

/** A value and where it stands: offsets into the source, end exclusive. */
export interface Place {
  readonly node: Node | null;
  readonly start: number;
  readonly end: number;
}

/** The keys of a mapping and the places of their values. */
export type Section = ReadonlyMap<string, Place>;

export class Reader {
  readonly root: Place;
  readonly #source: string;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #problems: Problem[] = [];
  #unreported = 0;

  /** @throws PolicyError when the source is too large, nested too deeply, or not YAML. */
  constructor(source: string, file: string) {
    this.#source = source;
    this.#file = file;
    if (Buffer.byteLength(source) > POLICY_BYTES_MAX) {
      throw new PolicyError('invalid', [
        fileProblem(file, `The file is larger than ${POLICY_BYTES_MAX} bytes.`),
      ]);
    }
    const tokens = [...new Parser(this.#lines.addNewLine).parse(source)];
    // Composing recurses, and yaml has been seen to end the process on deep nesting; the parser before it does not.
    const deep = tooDeep(tokens);
    if (deep !== null) {
      this.report({ node: null, start: deep, end: deep + 1 }, `Nested more than ${DEPTH_MAX} levels deep.`);
    }
    this.finish('invalid');
    const options = { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' } as const;
    const [document, next] = new Composer(options).compose(tokens, true, source.length);
    for (const { message, pos } of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
      this.report({ node: null, start: pos[0], end: pos[1] }, `This is not valid YAML: ${sentence(message)}`);
    }
    if (next)
      this.report(placeOf(next.contents, 0), 'A file holds one document: `---` cannot begin another.');
    this.finish('invalid');
    this.root = placeOf(document?.contents ?? null, 0);
  }

  /** Notes a problem and goes on. */
  report(place: Place, message: string, suggestion: string | null = null): void {
    if (this.#problems.length >= PROBLEMS_MAX) {
      this.#unreported++;
      return;
    }
    const { line, column } = this.position(place.start);
    const begin = place.start - column + 1;
    const newline = this.#source.indexOf('\n', begin);
    const end = newline < 0 ? this.#source.length : newline;
    const text = this.#source.slice(begin, Math.min(end, begin + column + 1000)).replace(/\r$/, '');
    const words = this.#source.slice(place.start, Math.min(place.end, end)).trimEnd();
    const length = Math.min(words.length, CARETS_MAX);
    const excerpt = text.trim() === '' ? '' : drawExcerpt(text, line, column, length);
    this.#problems.push({ file: this.#file, line, column, message, excerpt, suggestion });
  }

  /** @throws PolicyError with all that was noted, if anything was. */
  finish(refusal: Refusal): void {
    if (this.#problems.length === 0) return;
    const problems = this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    if (this.#unreported > 0) {
      problems.push(
        fileProblem(this.#file, `There are ${this.#unreported} more problems than are shown here.`),
      );
    }
    throw new PolicyError(refusal, problems);
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /**
   * Reads a mapping; keys that are not `known` are problems.
   * @param what how a sentence names this mapping, such as "a rule"
   * @param elsewhere what to suggest for a key that belongs somewhere else
   */
  section(
    place: Place,
    what: string,
    known: readonly string[],
    elsewhere: (key: string) => string | null = () => null,
  ): Section {
    const entries = new Map<string, Place>();
    const { node } = place;
    if (!isMap<Node, Node | null>(node)) {
      this.#wrongType(place, `${what} must be made of lines \`key: value\``);
      return entries;
    }
    for (const { key, value } of node.items) {
      const at = placeOf(key, place.start);
      const name = isScalar(key) ? String(key.value) : null;
      if (name === null) this.report(at, 'A key must be a plain word.');
      else if (!known.includes(name)) {
        this.report(at, `${quote(name)} is not a key of ${what}.`, elsewhere(name) ?? suggest(name, known));
      } else if (entries.has(name)) this.report(at, `${quote(name)} stands here twice.`);
      else entries.set(name, isEmpty(value) ? { ...at, node: null } : placeOf(value, at.start));
    }
    return entries;
  }

  /** The value of a key that must be there. */
  required(section: Section, key: string, owner: Place, what: string): Place | null {
    const place = section.get(key);
    if (place === undefined && isMap(owner.node)) {
      this.report({ ...owner, end: owner.start + 1 }, `${what} needs \`${key}\`.`);
    }
    return place ?? null;
  }

  /** The items of a list. One value alone is a list of one, where `single` allows it. */
  list(place: Place, what: string, { single = true, mayBeEmpty = false } = {}): readonly Place[] {
    const { node } = place;
    if (isSeq<Node>(node)) {
      if (node.items.length === 0 && !mayBeEmpty) this.report(place, `${what} is an empty list.`);
      return node.items.map((item) => placeOf(item, place.start));
    }
    if (single && isScalar(node)) return [place];
    this.#wrongType(place, `${what} must be a list, such as [one, another]`);
    return [];
  }

  isText({ node }: Place): boolean {
    return isScalar(node) && typeof node.value === 'string';
  }

  text(place: Place, what: string, charsMax: number): string {
    const value = isScalar(place.node) ? place.node.value : null;
    if (typeof value !== 'string') this.#wrongType(place, `${what} must be text`);
    else if (value.trim() === '') this.report(place, `${what} is empty.`);
    else if (value.length > charsMax) this.report(place, `${what} is longer than ${charsMax} characters.`);
    else return value.trim();
    return '';
  }

  number(place: Place, what: string, min: number, max: number): number | null {
    const value = isScalar(place.node) ? place.node.value : null;
    if (typeof value !== 'number') this.#wrongType(place, `${what} must be a number`);
    // NaN fails both comparisons.
    else if (value >= min && value <= max) return value;
    else this.report(place, `${what} must be from ${min} to ${max}.`);
    return null;
  }

  count(place: Place, what: string, max: number): number | null {
    const value = this.number(place, what, 0, max);
    if (value !== null && !Number.isInteger(value)) this.report(place, `${what} must be a whole number.`);
    return value;
  }

  /** A word of a vocabulary. @param what how a sentence ends that begins with the word, such as "an intent" */
  word<W extends string>(place: Place, what: string, vocabulary: readonly W[]): W | null {
    const value = isScalar(place.node) ? place.node.value : null;
    if (typeof value === 'object' || value === undefined) {
      this.#wrongType(place, `This must be ${what}`);
      return null;
    }
    const found = vocabulary.find((word) => word === value);
    if (found === undefined) {
      this.report(place, `${quote(String(value))} is not ${what}.`, suggest(String(value), vocabulary));
    }
    return found ?? null;
  }

  words<W extends string>(place: Place, key: string, what: string, vocabulary: readonly W[]): readonly W[] {
    return this.list(place, `\`${key}\``).flatMap((item) => this.word(item, what, vocabulary) ?? []);
  }

  #wrongType(place: Place, must: string): void {
    if (isAlias(place.node)) {
      this.report(place, 'Aliases (`*name`) are not part of the language: write the value out.');
      return;
    }
    const begun = must[0]?.toUpperCase() + must.slice(1);
    this.report(place, place.node === null ? `${begun}, and nothing stands here.` : `${begun}.`);
  }
}

function isEmpty(value: Node | null | undefined): boolean {
  return !value || (isScalar(value) && value.value === null && value.source === '');
}

function placeOf(node: Node | null, fallback: number): Place {
  const [start, end] = node?.range ?? [fallback, fallback + 1];
  return { node, start, end };
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

interface Token {
  readonly offset?: number;
  readonly items?: readonly unknown[];
  readonly key?: unknown;
  readonly value?: unknown;
}

/** The offset of the first token found nested too deeply, or null. Walks with a list of its own, not the call stack. */
function tooDeep(tokens: readonly unknown[]): number | null {
  const open = tokens.map((token) => ({ token, depth: 0, offset: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (typeof token !== 'object' || token === null) continue;
    const { offset = next.offset, items = [], key, value } = token as Token;
    // Items without a token of their own (pairs) do not count as a level.
    const below = items.length > 0 ? depth + 1 : depth;
    if (below > DEPTH_MAX) return offset;
    for (const child of [...items, key, value]) open.push({ token: child, depth: below, offset });
  }
  return null;
}
