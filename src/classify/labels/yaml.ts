/** Reads a labels file in YAML into a draft, with the place of everything. */
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { quote } from '../../policy/problem.ts';
import { suggest } from '../../policy/suggestion.ts';
import { type Draft, type Position, readLabel } from './draft.ts';

const FILE_KEYS = ['labels', 'out_of_scope'];
const LABEL_KEYS = ['about', 'examples'];
const SHAPE = 'A labels file begins with `labels:`, and below it a name for each label.';

export function readYaml(source: string, draft: Draft): void {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const { pos, message } of document.errors) {
    draft.problem(positionAt(pos[0]), `This is not valid YAML: ${message}`);
  }
  if (document.errors.length === 0) new YamlReader(draft, positionAt).readFile(document.contents);
}

class YamlReader {
  readonly #draft: Draft;
  readonly #positionAt: (offset: number) => Position;

  constructor(draft: Draft, positionAt: (offset: number) => Position) {
    this.#draft = draft;
    this.#positionAt = positionAt;
  }

  readFile(root: ParsedNode | null): void {
    if (this.#draft.isAllOutOfScope && isSeq(root)) {
      this.#readExamples(root, null, 'The file');
      return;
    }
    if (!isMap(root)) {
      this.#draft.problem(this.#placeOf(root), SHAPE);
      return;
    }
    const section = this.#section(root, FILE_KEYS, 'a labels file');
    const labels = section.get('labels');
    if (isMap(labels)) for (const { key, value } of labels.items) this.#readLabel(key, value);
    else if (!this.#draft.isAllOutOfScope) this.#draft.problem(this.#placeOf(labels ?? root), SHAPE);
    const outOfScope = section.get('out_of_scope');
    if (outOfScope !== undefined) this.#readExamples(outOfScope, null, '`out_of_scope`');
  }

  #readLabel(key: unknown, value: unknown): void {
    const at = this.#placeOf(key);
    const name = isScalar(key) ? String(key.value).trim() : '';
    const label = name === '' ? '' : readLabel(name);
    if (label !== null && !this.#draft.isAllOutOfScope) this.#draft.addName(label, at);
    if (!isMap(value)) {
      this.#draft.problem(
        at,
        `${quote(name)} needs \`about:\` and \`examples:\` below it.`,
        null,
        name.length,
      );
      return;
    }
    const section = this.#section(value, LABEL_KEYS, 'a label');
    const about = section.get('about');
    if (about !== undefined && !isScalar(about)) {
      this.#draft.problem(this.#placeOf(about), '`about` must be one sentence.');
    }
    const examples = section.get('examples');
    if (examples === undefined)
      this.#draft.problem(at, `${quote(name)} has no \`examples:\`.`, null, name.length);
    else this.#readExamples(examples, label, '`examples`');
  }

  #readExamples(node: Node | null, label: string | null, what: string): void {
    if (!isSeq(node)) {
      this.#draft.problem(this.#placeOf(node), `${what} must be a list, with a line \`- message\` for each.`);
      return;
    }
    for (const item of node.items) this.#readExample(item, label);
  }

  #readExample(item: unknown, label: string | null): void {
    const at = this.#placeOf(item);
    if (!isScalar(item)) {
      this.#draft.problem(at, 'An example must be one text: put it in quotes if it holds a colon.');
      return;
    }
    // What was written, also where YAML takes it for a number or a truth value; nothing at all is an empty example.
    const text = typeof item.value === 'string' ? item.value : (item.source ?? '');
    if (item.comment && item.type === 'PLAIN') {
      this.#draft.warn(at, 'What follows # is a comment: put the example in quotes if it belongs to it.');
    }
    this.#draft.addExample(text, label, at);
  }

  #section(map: YAMLMap, known: readonly string[], what: string): Map<string, Node | null> {
    const section = new Map<string, Node | null>();
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (known.includes(name)) section.set(name, value as Node | null);
      else {
        const message = `${quote(name)} is not a key of ${what}.`;
        this.#draft.problem(this.#placeOf(key), message, suggest(name, known), name.length);
      }
    }
    return section;
  }

  #placeOf(node: unknown): Position {
    return this.#positionAt((node as Node | null)?.range?.[0] ?? 0);
  }
}
