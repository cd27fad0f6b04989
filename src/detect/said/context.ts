/** What the words around a value say about it: those before it, those that speak of it right behind, its field's names. */
import { isDigit } from '../groups.ts';
import { MASK } from '../mask.ts';
import { inWords } from './in-words.ts';
import { listStart } from './lists.ts';

/** How far from a value, in UTF-16 code units, a word may stand that says what the value is. */
const WORDS_CHARS_MAX = 80;

/** Another number, but a year. */
const NUMBER_DIGITS_MIN = 4;
const YEAR = /^(?:19|20)\d\d$/;

/**
 * What is said of a value: what stands behind another number, or one that is found already, as what stands before it
 * speaks of it. What is said of a list's first value is said of all.
 */
function saidOf(text: string, start: number): string {
  const from = Math.max(0, start - WORDS_CHARS_MAX);
  let end = start;
  for (let i = start - 1; i >= from - 1; i--) {
    const code = i < from ? 0 : text.charCodeAt(i);
    if (isDigit(code)) continue;
    const digits = end - i - 1;
    if (digits > NUMBER_DIGITS_MIN || (digits === NUMBER_DIGITS_MIN && !YEAR.test(text.slice(i + 1, end))))
      return text.slice(end, start);
    if (code === MASK_CODE) {
      const first = listStart(text, start);
      return first === start ? text.slice(i + 1, start) : saidOf(text, first);
    }
    end = i;
  }
  return text.slice(from, start);
}
const MASK_CODE = MASK.charCodeAt(0);
const STOPS_AFTER = /\d{4}|\uFDD0|[;\n]|(?<=\p{Ll}{4})[.!?]/u;
/** `536… (SSN)`, `536… is my SSN`. */
const SPEAKS_OF_IT =
  /^["'”’»)\]]?,? ?(?:[([（=]|(?:is|was|as|for|ist|als|est|comme|es|como|è|é|come|jest|är|on)\s)/i;

/** What follows the name of a numbered thing: `order no.`, `case id is`. */
const NUMBER_WORD = '(?:id|no|nr|num|number|code|key)';
const UP_TO_VALUE = '(?: is| was)?[\\s.:#№°=(?]{0,4}$';
/** What is numbered in shops, offices and programs, right before the number. */
const OTHER = new RegExp(
  `(?:(?<!\\p{L})(?:fed ?ex|ups|usps|dhl|dpd|gls|evri|tnt|order|invoice|tracking|track|ticket|ref|reference|refund|ean|gtin|isbn|issn|upc|imei|serial|s/n|case|policy|sku|item|product|part|article|asset|batch|lot|model|parcel|shipment|appointment|reservation|confirmation|receipt|contract|session|event|chapter|section|clause|package|version|build|release|commit|error|code|coupon|voucher|request|job|task|issue|bug|pr|page|line|row|room|flight|booking|transaction|txn|quote|po|rma|catalog|catalogue|bestell\\p{L}{0,9}|auftrag\\p{L}{0,9}|rechnung\\p{L}{0,9}|sendung\\p{L}{0,9}|artikel\\p{L}{0,9}|commande|facture|colis|pedido|factura|ordine|fattura|zam[óo]wieni\\p{L}{0,3}|faktur\\p{L}{0,3})(?: ${NUMBER_WORD})*${UP_TO_VALUE}|#\\s?$)`,
  'u',
);
/** Whoever has a number at a shop or an employer. Without a word for the number, they speak: `Customer: 106 836 7245`. */
const OTHER_OF_PERSON = new RegExp(
  `(?<!\\p{L})(?:customer|client|member|user|employee)'?s?(?: ${NUMBER_WORD})+${UP_TO_VALUE}`,
  'u',
);
/** Where in a text, as words, those right before a number begin that say it is no person's; -1 if there are none. */
export const otherAt = (before: string): number => inWords(before).search(OTHER);

/** Who answers a question: what the question asks for is what the answer is. */
const ANSWERER = /(?<=\?["'”)\]*]{0,3})\s*\n[^\n?]{1,40}[:>][\s"'*]{0,4}$/u;

/** A text, and what names the places in it. */
interface Source {
  readonly text: string;
  /** The keys above the text, in words. */
  readonly keys: string;
  columnAt(place: number): string;
}

/** What stands before a place, in small letters, `_` and `-` as spaces and `camelCase` taken apart. */
export class Before {
  readonly text: string;
  readonly start: number;
  /** The names of the field that holds the place, or of its column. */
  readonly keys: string;
  /** What is said before the place and after any other number. */
  readonly said: string;
  /** Whether there is not a letter in any of it, so that no word can be. */
  readonly isSilent: boolean;
  /** The last one that was asked for. */
  #context: Context | undefined;

  constructor(source: Source, start: number) {
    this.text = source.text;
    this.start = start;
    const column = source.columnAt(start);
    this.keys = column === '' ? source.keys : `${source.keys} ${column}`;
    const said = inWords(saidOf(source.text, start));
    this.said = said.includes('?') ? said.replace(ANSWERER, '\n') : said;
    this.isSilent = this.keys === '' && !HAS_LETTER.test(this.said);
  }

  /** The words around the value that ends at `end`. */
  context(end: number): Context {
    if (this.#context?.end !== end) this.#context = new Context(this, end);
    return this.#context;
  }
}

const HAS_LETTER = /[a-z\u0080-\uffff]/;

/** Whether what stands right behind a value speaks of it. */
export function isSpokenOfBehind(text: string, end: number): boolean {
  let place = end;
  if (place < text.length && CLOSES.includes(text.charAt(place))) place++;
  if (text.charCodeAt(place) === COMMA) place++;
  if (text.charCodeAt(place) === SPACE) place++;
  const code = text.charCodeAt(place);
  // What none of the words begins with is passed over without a search.
  if (code < 0x80 && SPEAKS_BEGINS[code] !== 1) return false;
  return SPEAKS_OF_IT.test(text.slice(end, end + SPEAKS_CHARS_MAX));
}

const SPEAKS_CHARS_MAX = 12;
const CLOSES = `"'”’»)]`;
const COMMA = 0x2c;
const SPACE = 0x20;
const SPEAKS_BEGINS = new Uint8Array(0x80);
for (const char of '([=iwafecjoIWAFECJO') SPEAKS_BEGINS[char.charCodeAt(0)] = 1;

/** Words up to the end of a clause: what goes on with a colon or a number speaks of the next value. */
const LABEL = /^,? (\p{L}[^\d:=#|;,.!?\n(){}[\]"]{1,24})(?:[.,!?)\n]|$)/u;
const LABEL_CHARS_MAX = 28;

/** The words around one value. */
export class Context {
  readonly #before: Before;
  readonly end: number;
  /** What a bracket or a verb right behind the value says of it. */
  readonly #behind: string;
  #label: string | undefined;
  #other: number | undefined;

  constructor(before: Before, end: number) {
    const { text } = before;
    this.#before = before;
    this.end = end;
    this.#behind = '';
    if (!isSpokenOfBehind(text, end)) return;
    const behind = text.slice(end, end + WORDS_CHARS_MAX);
    const stop = behind.search(STOPS_AFTER);
    this.#behind = inWords(stop === -1 ? behind : behind.slice(0, stop));
    this.#label = '';
  }

  /** The last words of a clause, right behind the value: `34 ABC 123 plaka.` Few values are asked about them. */
  get #labelBehind(): string {
    if (this.#label === undefined) {
      const { text } = this.#before;
      const code = text.charCodeAt(this.end);
      const label =
        code === SPACE || code === COMMA
          ? LABEL.exec(text.slice(this.end, this.end + LABEL_CHARS_MAX))?.[1]
          : undefined;
      this.#label = label === undefined ? '' : inWords(label);
    }
    return this.#label;
  }

  /** What the words right before the value, or its field's name, number if not what is looked for. */
  get other(): 'thing' | 'person' | undefined {
    const { keys, said } = this.#before;
    if (OTHER.test(said) || (keys !== '' && OTHER.test(keys))) return 'thing';
    return OTHER_OF_PERSON.test(said) || (keys !== '' && OTHER_OF_PERSON.test(keys)) ? 'person' : undefined;
  }

  /** Whether one of `words` is said of the value: of what another word right before numbers, only what is said with it. */
  says(words: RegExp): boolean {
    const { keys, said } = this.#before;
    if ((keys !== '' && words.test(keys)) || (this.#behind !== '' && words.test(this.#behind))) return true;
    if (!words.test(said)) return this.#labelBehind !== '' && this.#labelBehind.search(words) === 0;
    const at = this.#otherAt;
    if (at === -1) return true;
    const phrase = said.slice(Math.max(0, at - OTHER_PHRASE_CHARS), at).replace(OTHER_CLAUSE, '');
    return words.test(phrase + said.slice(at));
  }

  get #otherAt(): number {
    if (this.#other === undefined) {
      const { said } = this.#before;
      const thing = said.search(OTHER);
      this.#other = thing === -1 ? said.search(OTHER_OF_PERSON) : thing;
    }
    return this.#other;
  }
}

/** What comes before in a sentence or a list is said of something else. */
const OTHER_CLAUSE = /^.*(?:[.!?;,\n]| and | or | und | et | y )/s;
/** Characters of a phrase such as "patient case number" before its second word. */
const OTHER_PHRASE_CHARS = 24;

/**
 * A pattern for words as a `Context` writes them. None begins inside a longer word; a short one (four letters or less)
 * does not end inside one either.
 * @param alternatives in small letters; pieces of patterns are allowed
 */
export function wordsOf(...alternatives: readonly string[]): RegExp {
  const bounded = alternatives.filter((word) => /^[\x20-\u052f]/.test(word));
  const free = alternatives.filter((word) => !bounded.includes(word));
  const whole = bounded.map((word) => (/^[a-zà-ž]{1,4}$/.test(word) ? `${word}s?(?![a-zà-žа-я])` : word));
  const parts = [...(whole.length > 0 ? [`(?<![a-zà-žа-я])(?:${whole.join('|')})`] : []), ...free];
  return new RegExp(parts.join('|'));
}

/** Patterns of `wordsOf` as one. */
export const anyOf = (...words: readonly RegExp[]): RegExp =>
  new RegExp(words.map(({ source }) => source).join('|'));

/** Right before the value, but for signs: words that mean something else further away. */
export const RIGHT_BEFORE = '["\'=:.#|*>()? ]{0,6}(?:$|\\n)';

/** What people call a car's number, in the languages of the countries whose numbers are known. */
export const PLATE_WORDS = wordsOf(
  'plate',
  'registration',
  'reg(?:istered|\\.)?(?: (?:no|number|mark|plate))?(?![a-z])',
  'vehicle',
  'vrn',
  'vrm',
  'v5c',
  'dvla',
  'logbook',
  'mot',
  'rego',
  'rto',
  'tag',
  'number ?plate',
  'licen[cs]e plate',
  'car',
  'lorry',
  'truck',
  'motorbike',
  'motorcycle',
  'insured vehicle',
  'parking',
  'kennzeichen',
  'kfz',
  'nummernschild',
  'zulassung',
  'fahrzeug',
  'auto',
  'pkw',
  'lkw',
  'wagen',
  'plaka',
  'araç',
  'arac',
  'taşıt',
  'gaadi',
  'गाड़ी',
  'वाहन',
);
