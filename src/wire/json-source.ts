/**
 * Where the pieces of a JSON text stand in its source: a value that was found in a parsed string is shown to people in
 * the text that they wrote, escapes and all.
 */
import { EMBEDDED_JSON, type Leaf, type Step } from '../shapes.ts';

/** The place in the source of an offset in a piece of text, both in UTF-16 code units. */
export type ToSource = (offset: number) => number;

/**
 * Finds pieces in a text that is valid JSON.
 * @param places where each piece is in the document, as `detect` says it: a string that holds a document is entered by
 * the step EMBEDDED_JSON
 * @returns for each place, in their order, how its offsets become those of `source`; undefined where there is none
 */
export function findInSource(
  source: string,
  places: readonly Pick<Leaf, 'path' | 'role'>[],
): readonly (ToSource | undefined)[] {
  const root = newNode();
  places.forEach(({ path, role }, index) => {
    let node = root;
    for (const step of path) node = memberOf(node, step);
    node[role === 'key' ? 'key' : 'value'].push(index);
  });
  const found: (ToSource | undefined)[] = places.map(() => undefined);
  new Reader(source, (offset) => offset, found).value(root);
  return found;
}

/** What is looked for at one place of the document and below it. Numbers are indices of the places asked for. */
interface Node {
  readonly key: number[];
  readonly value: number[];
  readonly members: Map<Step, Node>;
}
const newNode = (): Node => ({ key: [], value: [], members: new Map() });

function memberOf(node: Node, step: Step): Node {
  let member = node.members.get(step);
  if (member === undefined) {
    member = newNode();
    node.members.set(step, member);
  }
  return member;
}

/** Reads one document; a string in it that is a document itself is read by a reader of its own. */
class Reader {
  readonly #text: string;
  readonly #toSource: ToSource;
  readonly #found: (ToSource | undefined)[];
  #at: number;

  constructor(text: string, toSource: ToSource, found: (ToSource | undefined)[]) {
    this.#text = text;
    this.#toSource = toSource;
    this.#found = found;
    // Around a document in a string there may be space that JSON does not know as such: `detect` trims it.
    this.#at = text.length - text.trimStart().length;
  }

  value(node: Node | undefined): void {
    this.#skipSpace();
    const opening = this.#text[this.#at];
    if (opening === '{' || opening === '[') this.#members(node, opening === '{');
    else if (opening === '"') this.#stringValue(node);
    else this.#word(node);
  }

  #stringValue(node: Node | undefined): void {
    const from = this.#at;
    const token = this.#string();
    const inside = node?.members.get(EMBEDDED_JSON);
    if (node === undefined || (node.value.length === 0 && inside === undefined)) return;
    const place = this.#inString(token, from);
    this.#tell(node.value, place);
    if (inside !== undefined) new Reader(JSON.parse(token) as string, place, this.#found).value(inside);
  }

  /** A number, or `true` and the like. */
  #word(node: Node | undefined): void {
    const from = this.#at;
    while (this.#at < this.#text.length && !/[ \t\n\r,\]}]/.test(this.#text[this.#at] ?? '')) this.#at++;
    const [start, end] = [this.#toSource(from), this.#toSource(this.#at)];
    // A number can be written in more ways than one, so only the whole of it can be pointed at.
    this.#tell(node?.value ?? [], (offset) => (offset === 0 ? start : end));
  }

  #members(node: Node | undefined, isObject: boolean): void {
    this.#at++;
    for (let index = 0; ; index++) {
      this.#skipSpace();
      if (this.#at >= this.#text.length || /[\]}]/.test(this.#text[this.#at] ?? '')) break;
      this.value(isObject ? this.#key(node) : node?.members.get(index));
      this.#skipSpace();
      if (this.#text[this.#at] === ',') this.#at++;
    }
    this.#at++;
  }

  /** Reads a member's name and its colon. What is looked for there, if anything. */
  #key(node: Node | undefined): Node | undefined {
    const from = this.#at;
    const token = this.#string();
    this.#skipSpace();
    this.#at++;
    if (node === undefined || node.members.size === 0) return undefined;
    const member = node.members.get(JSON.parse(token) as string);
    if (member !== undefined && member.key.length > 0) this.#tell(member.key, this.#inString(token, from));
    return member;
  }

  /** Reads a string, in its quotes. */
  #string(): string {
    const from = this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    }
    return this.#text.slice(from, ++this.#at);
  }

  #inString(token: string, from: number): ToSource {
    const starts = unitStarts(token);
    return (offset) => this.#toSource(from + (starts[offset] ?? token.length - 1));
  }

  #skipSpace(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #tell(indices: readonly number[], place: ToSource): void {
    for (const index of indices) this.#found[index] = place;
  }
}

/** For each code unit of a string: where its writing begins in the token, whose first character is the quote. */
function unitStarts(token: string): readonly number[] {
  const starts: number[] = [];
  let at = 1;
  while (at < token.length - 1) {
    starts.push(at);
    if (token[at] !== '\\') at++;
    else at += token[at + 1] === 'u' ? 6 : 2;
  }
  return starts;
}
