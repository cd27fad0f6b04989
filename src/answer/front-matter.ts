/** Reads one article: YAML front matter between two lines of `---`, then the approved text. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

const TITLE_CHARS_MAX = 120;
const QUESTION_CHARS_MAX = 300;
const QUESTIONS_MAX = 32;
const INTENTS_MAX = 8;

/** What an editor writes above the approved text. */
export interface FrontMatter {
  /** Shown to the customer as the source. */
  readonly title: string;
  /** Ways in which customers ask for this answer. */
  readonly questions: readonly string[];
  /** Intents of the labels file that this answer serves. */
  readonly intents: readonly string[];
  /** Role of who approved it. */
  readonly approvedBy: string;
  /** `YYYY-MM-DD`. */
  readonly approvedOn: string;
  /** ISO 639-1 code of the language it is written in. */
  readonly language: string;
}

/** A problem within the file. Lines and columns count from 1. */
interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Parsed {
  readonly article: (FrontMatter & { readonly text: string }) | null;
  readonly problems: readonly Problem[];
}

const KEYS = ['title', 'questions', 'intent', 'approved_by', 'approved_on', 'language'];

/** Parses an article's source; `null` stands for a file that is not UTF-8. Never throws: problems are returned. */
export function parseArticle(source: string | null): Parsed {
  const fail = (message: string): Parsed => ({ article: null, problems: [{ line: 1, column: 1, message }] });
  if (source === null) return fail('The file is not UTF-8.');
  const plain = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (!plain.startsWith('---\n'))
    return fail('The file must begin with front matter: a line of three hyphens, ---.');
  const end = plain.indexOf('\n---\n', 3);
  if (end === -1)
    return fail('The front matter does not end: a second line of three hyphens, ---, is missing.');
  const text = plain.slice(end + 5).trim();
  const reader = new FrontMatterReader(plain.slice(4, end + 1));
  const front = reader.read();
  if (text === '') {
    const line = plain.slice(0, end + 1).split('\n').length;
    reader.problems.push({ line, column: 1, message: 'There is no text below the front matter.' });
  }
  return { article: front && text !== '' ? { ...front, text } : null, problems: reader.problems };
}

/** Reads the keys of one front matter, and gathers what is wrong with it. */
class FrontMatterReader {
  readonly problems: Problem[] = [];
  readonly #lines = new LineCounter();
  readonly #document;

  constructor(yaml: string) {
    this.#document = parseDocument(yaml, { lineCounter: this.#lines, prettyErrors: false, stringKeys: true });
  }

  read(): FrontMatter | null {
    for (const error of this.#document.errors) this.#problem(error.pos[0], sentence(error.message));
    if (this.problems.length > 0) return null;
    const root = this.#document.contents;
    if (!isMap(root)) {
      this.#problem(0, `The front matter must hold ${KEYS.join(', ')}.`);
      return null;
    }
    for (const { key } of root.items) {
      if (isScalar(key) && !KEYS.includes(String(key.value))) {
        this.#problem(
          key.range?.[0] ?? 0,
          `"${key.value}" is not a key of an article; these are: ${KEYS.join(', ')}.`,
        );
      }
    }
    const front = {
      title: this.#text('title', TITLE_CHARS_MAX),
      questions: this.#texts('questions', QUESTIONS_MAX, QUESTION_CHARS_MAX),
      intents: this.#intents(),
      approvedBy: this.#text('approved_by', TITLE_CHARS_MAX),
      approvedOn: this.#date('approved_on'),
      language: this.#language(),
    };
    return this.problems.length === 0 ? front : null;
  }

  #problem(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    // The front matter begins on the second line of the file.
    this.problems.push({ line: Math.max(line, 1) + 1, column: Math.max(col, 1), message });
  }

  #node(key: string): Node | undefined {
    const node = this.#document.get(key, true) as Node | undefined;
    if (node === undefined) this.#problem(0, `The key "${key}" is missing.`);
    return node;
  }

  #scalar(node: Node, what: string, charsMax: number): string {
    const value = isScalar(node) ? node.value : undefined;
    const text = typeof value === 'string' ? value.trim() : '';
    if (text === '')
      this.#problem(
        node.range?.[0] ?? 0,
        `${what} must be text. Put it in quotes if YAML reads it otherwise.`,
      );
    if (text.length > charsMax) {
      this.#problem(
        node.range?.[0] ?? 0,
        `${what} has ${text.length} characters, and ${charsMax} is the limit.`,
      );
    }
    return text;
  }

  #text(key: string, charsMax: number): string {
    const node = this.#node(key);
    return node === undefined ? '' : this.#scalar(node, `"${key}"`, charsMax);
  }

  #texts(key: string, itemsMax: number, charsMax: number): string[] {
    const node = this.#node(key);
    if (node === undefined) return [];
    const offset = node.range?.[0] ?? 0;
    if (!isSeq(node) || node.items.length === 0) {
      this.#problem(offset, `"${key}" must be a list with at least one entry.`);
      return [];
    }
    if (node.items.length > itemsMax) {
      this.#problem(offset, `"${key}" has ${node.items.length} entries, and ${itemsMax} is the limit.`);
      return [];
    }
    const texts = (node.items as Node[]).map((item) =>
      this.#scalar(item, `Each entry of "${key}"`, charsMax),
    );
    texts.forEach((text, index) => {
      if (text !== '' && texts.indexOf(text) < index) {
        this.#problem((node.items[index] as Node).range?.[0] ?? 0, `This entry of "${key}" is there twice.`);
      }
    });
    return texts;
  }

  #intents(): string[] {
    const node = this.#document.get('intent', true) as Node | undefined;
    const intents = isSeq(node)
      ? this.#texts('intent', INTENTS_MAX, TITLE_CHARS_MAX)
      : [this.#text('intent', TITLE_CHARS_MAX)];
    for (const intent of intents) {
      if (intent !== '' && !/^[a-z][a-z0-9_]*$/.test(intent)) {
        this.#problem(
          node?.range?.[0] ?? 0,
          `"${intent}" cannot be an intent: use small letters, digits and _.`,
        );
      }
    }
    return intents;
  }

  #date(key: string): string {
    const text = this.#text(key, TITLE_CHARS_MAX);
    const at = (): number => (this.#document.get(key, true) as Node | undefined)?.range?.[0] ?? 0;
    if (text !== '' && !isDate(text)) this.#problem(at(), `"${key}" must be a date such as 2026-03-31.`);
    return text;
  }

  #language(): string {
    if (!this.#document.has('language')) return 'en';
    const text = this.#text('language', TITLE_CHARS_MAX);
    if (text !== '' && !/^[a-z]{2}$/.test(text)) {
      const node = this.#document.get('language', true) as Node | undefined;
      this.#problem(
        node?.range?.[0] ?? 0,
        '"language" must be a code of two letters (ISO 639-1) such as en.',
      );
    }
    return text;
  }
}

/** True for a day that the calendar has, written YYYY-MM-DD. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const sentence = (message: string): string => (message.endsWith('.') ? message : `${message}.`);
