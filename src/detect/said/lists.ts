/**
 * Lists of values: what is said of the first goes for all, over who each of them is of. `MRNs: Anna Schmidt 1234567, Bob
 * Miller 2345678`; `1234567, anna@example.com, 2345678`; `1234567 for Anna Schmidt and 2345678 for Bob Miller`.
 */
import { MASK } from '../mask.ts';

/** UTF-16 code units between two values of a list at most. */
export const LIST_GAP_CHARS_MAX = 96;
/** And where there is nothing but a separator. */
const SEPARATOR_CHARS_MAX = 12;

const SEPARATOR =
  '["\')\\]]?\\s{0,2}(?:[,;|/&+]|\\r?\\n\\s?[-*•]?|,? ?(?:[Aa]nd|[Oo]r|AND|OR|[Uu]nd|[Oo]der|[Ee]t|[Oo]u|[Yy]|[Oo]|[Ee]|[Ee]n|[Ii]|[Oo]ch))\\s{0,2}["\'([]?';
/** Between who has a value and the value. */
const TIE = '(?:[:,=]? | ?[-–—=>:]{1,2} ?| ?[(["\']| (?:is|has|ist|hat) )';
/** Between a value and who has it. */
const OF = '(?: (?:for|of|from|is|(?:belongs )?to|für|von|ist|pour|de|para|per|di|voor|dla|för) )';
/** Before who has a value that follows: `1234567, that of Bob Miller is 2345678`. */
const FOR = '(?:for|of|that of|für|von|pour|de|para|per|di) ';
const CAPITAL_WORD = "\\p{Lu}(?:[\\p{Ll}\\p{M}'’.-][\\p{L}\\p{M}'’.-]{0,30}|\\.)?";
const NAME = `${CAPITAL_WORD}(?: (?:${CAPITAL_WORD}|van|von|de|der|den|del|da|di|bin|al|el)){0,3}`;
/** What is found already, or will be: a mail address, a telephone number. */
const FOUND = `(?:${MASK}{1,3}|(?:\\+|0)\\d[\\d ().-]{6,18}\\d|[^\\s@,;]{1,64}@[^\\s@,;]{1,64})`;
const WHO = `(?:${FOUND}|${NAME})`;

const ONLY_SEPARATOR = new RegExp(`^${SEPARATOR}$`);
/** `…, M 2345678`, `…, anna@example.com, 2345678`. */
const FOUND_BEFORE = new RegExp(`^${SEPARATOR}(?:${FOR})?(?:${FOUND}${TIE}){1,3}$`, 'u');
/** `…, Bob Miller 2345678`. */
const NAME_BEFORE = new RegExp(`^${SEPARATOR}(?:${FOR})?(?:${WHO}${TIE}){1,3}$`, 'u');
/** `1234567 for Anna Schmidt and …`, `1234567 (Anna Schmidt), …`. */
const WHO_BEHIND = new RegExp(`^(?:${OF}${WHO}|\\s?[([]${WHO}[)\\]])${SEPARATOR}$`, 'u');
/** What a list begins with where each value has its name before it. */
const BEGINS_WITH_NAME = new RegExp(`(?:[:;,|(\\n•*–-]\\s{0,2}| ${FOR})(?:${WHO}${TIE}){1,3}$`, 'u');
/** Words with a capital that name no person: what stands before numbers, dates and places. */
const NO_NAME =
  /(?<!\p{L})(?:n(?:o|r|um|umber|ummer)|id|code|key|dates?|day|today|tel|tele\w+|phone|mobile|cell|fax|ext|e-?mail|pass\p{L}*|licen[cs]e|account|acct|card|record|chart|file|visit(?:ed)?|admi\p{L}+|discharged?|seen|issued?|expir\p{L}+|valid|due|paid|total|sum|amount|balance|price|fee|tax|from|until|till|since|on|at|in|the|room|ward|bed|floor|box|page|line|step|part|chapter|version|seite|zip|street|st|road|rd|avenue|ave|lane|drive|square|platz|weg|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?!\p{L})/iu;

const ONLY_NAME = new RegExp(`^${NAME}$`, 'u');
/** Whether a text is written as names are, and no word that stands before numbers. */
export const isName = (text: string): boolean => ONLY_NAME.test(text) && !NO_NAME.test(text);

/** UTF-16 code units, end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether what is said of a value goes for the one at `start` as well. Names without a sign of who they are count only
 * where the value before has one in the same place: `passport A1234567, Main Street 2345678` is no list.
 */
export function goesOn(text: string, value: Span, start: number): boolean {
  const chars = start - value.end;
  if (chars <= 0 || chars > LIST_GAP_CHARS_MAX) return false;
  const gap = text.slice(value.end, start);
  if (chars <= SEPARATOR_CHARS_MAX && ONLY_SEPARATOR.test(gap)) return true;
  if (IS_FOUND.test(gap) && FOUND_BEFORE.test(gap)) return true;
  if (WHO_BEHIND.test(gap)) return !NO_NAME.test(gap);
  if (!NAME_BEFORE.test(gap) || NO_NAME.test(gap)) return false;
  // A line's end stands for the text's beginning.
  const before = `\n${text.slice(Math.max(0, value.start - LIST_GAP_CHARS_MAX), value.start)}`;
  const begins = BEGINS_WITH_NAME.exec(before)?.[0];
  // What is the same before each value is what they are called.
  return begins !== undefined && !NO_NAME.test(begins) && lettersOf(begins) !== lettersOf(gap);
}

const IS_FOUND = new RegExp(`[@${MASK}\\d]`);
const lettersOf = (text: string): string => text.replace(/[^\p{L}]+/gu, ' ').trim();

/** What parts values, and a name from its value, all found already. */
const SEPARATOR_OR_FOR = new RegExp(`^${SEPARATOR}(?:${FOR})?$`);
const ONLY_TIE = new RegExp(`^(?:${TIE}|${OF}|\\) )$`, 'u');
const MASK_CODE = MASK.charCodeAt(0);

/**
 * Where the list begins that a value goes on whose other values are all found already; the value's own place if it goes
 * on none. Lists of different values have no mask in common, so that all of them cost no more than the text is long.
 */
export function listStart(text: string, start: number): number {
  let first = start;
  let isList = false;
  for (;;) {
    const least = Math.max(0, first - SEPARATOR_CHARS_MAX - 1);
    let mask = first - 1;
    while (mask >= least && text.charCodeAt(mask) !== MASK_CODE) mask--;
    if (mask < least) break;
    const gap = text.slice(mask + 1, first);
    if (SEPARATOR_OR_FOR.test(gap)) isList = true;
    else if (!ONLY_TIE.test(gap)) break;
    first = mask;
  }
  return isList ? first : start;
}
