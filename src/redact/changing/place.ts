/**
 * Where in a text a value is put back: in prose, in JSON, in a JSON document inside a JSON string, in JSON between
 * Markdown's fences (CommonMark 0.31, section 4.5). Reads the text as it grows, a character at a time, so that a value
 * put there can be escaped as often as its place asks for.
 */

/** Documents inside strings inside documents. What is deeper is taken for prose. */
const DEEP_MAX = 8;
/** Characters of a line that can tell a fence, and what it holds. */
const FENCE_LINE_CHARS_MAX = 64;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})\s*([\w+.-]*)/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** `unknown` is told by the text's first characters that are no space. */
export type Notation = 'json' | 'unknown' | 'prose';

export class Place {
  #notation: Notation;
  readonly #deep: number;
  #opening = '';
  /** Prose: the line so far, and what is between two fences. */
  #line = '';
  #fenced: Place | undefined;
  /** JSON: what is in the string that is open, its escape that has begun, and the last sign outside of strings. */
  #string: Place | undefined;
  #escape = '';
  #sign = '';

  constructor(notation: Notation, deep = 0) {
    this.#notation = deep < DEEP_MAX ? notation : 'prose';
    this.#deep = deep;
  }

  read(text: string): void {
    for (let i = 0; i < text.length; i++) this.#read(text[i] ?? '');
  }

  /** How `value` is written so that it is what a reader of the whole text finds here. */
  written(value: string): string {
    if (this.#notation !== 'json') return this.#fenced?.written(value) ?? value;
    if (this.#string !== undefined) return JSON.stringify(this.#string.written(value)).slice(1, -1);
    // A model may put a placeholder where a number was. Elsewhere this is no JSON after all.
    if (this.#sign === '' || !':,['.includes(this.#sign) || isNumber(value)) return value;
    return JSON.stringify(value);
  }

  #read(char: string): void {
    if (this.#notation === 'unknown') this.#open(char);
    if (this.#notation === 'json') this.#readJson(char);
    else this.#readProse(char);
  }

  #open(char: string): void {
    if (/\s/.test(char)) return;
    this.#opening += char;
    if (this.#opening === '{' || this.#opening === '[' || this.#opening === '[{') return;
    const isJson = /^(?:\{["}]|\[["\]]|\[\{["}])/.test(this.#opening);
    this.#notation = isJson ? 'json' : 'prose';
    this.#sign = this.#opening.at(-2) ?? '';
  }

  #readJson(char: string): void {
    if (this.#string === undefined) {
      if (char === '"') this.#string = new Place('unknown', this.#deep + 1);
      else if (!/\s/.test(char)) this.#sign = char;
    } else if (this.#escape !== '') this.#readEscape(this.#string, char);
    else if (char === '\\') this.#escape = char;
    else if (char === '"') {
      this.#string = undefined;
      this.#sign = char;
    } else this.#string.#read(char);
  }

  #readEscape(string: Place, char: string): void {
    this.#escape += char;
    if (this.#escape[1] === 'u' && this.#escape.length < 6) return;
    string.#read(
      this.#escape[1] === 'u'
        ? String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16) || 0)
        : (ESCAPES[char] ?? char),
    );
    this.#escape = '';
  }

  #readProse(char: string): void {
    this.#fenced?.read(char);
    if (char !== '\n') {
      if (this.#line.length < FENCE_LINE_CHARS_MAX) this.#line += char;
      return;
    }
    const info = FENCE.exec(this.#line)?.[1];
    this.#line = '';
    if (info === undefined) return;
    if (this.#fenced !== undefined) this.#fenced = undefined;
    else this.#fenced = new Place(/^json/i.test(info) ? 'json' : 'unknown', this.#deep + 1);
  }
}

const isNumber = (value: string): boolean => /^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?$/.test(value);
