/**
 * Telephone numbers. Candidates come from one pass for digits with a phone's separators; libphonenumber says whether
 * one is a number somewhere. Its own text search costs two hundred microseconds on a short message, so it is not used.
 */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { isSpokenOfBehind } from '../said/context.ts';
import { type Match, type StructuredFamily, type Subject, spansOf } from '../subject.ts';
import { isDate } from './checksums.ts';

/** Digits of a phone number, country code counted in: ITU-T E.164 allows fifteen; national short numbers are not personal. */
const DIGITS_MIN = 7;
const DIGITS_MAX = 15;

const CANDIDATE =
  /(?:(?<![0-9A-Za-z])\(?\+|(?<![0-9A-Za-z]|[0-9A-Za-z]_|\d[ .:/-]|\d\d\)[ .,/-])\(?)\d(?:(?:[ .-]|[ -]?[()/][ -]?|--| - )?\d){5,17}(?:[ ,]{0,2}(?:ext|x|extension)\.? ?\d{1,5})?(?![0-9A-Za-z]|[./-]\d| [A-Z] \d)/gi;

/** North American Numbering Plan: three, three, four. Looked for by itself, as it is told even among other numbers. */
const NANP =
  /(?<![0-9A-Za-z]|[0-9A-Za-z]_|\d[.-])(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\)[ .-]{0,2}|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![0-9A-Za-z]|[.-]\d)/g;

const WORDS =
  /(?<![\p{Script=Latin}\p{Script=Cyrillic}])(?:tel|phon|mobil|(?<!\p{L}\.)cell|call|ring|dial|text me|sms|fax|whats ?app|signal|telegram|contact|reach|hotline|handy|rufnummer|anruf|ruf |t[ée]l[ée]|portable|appel|m[óo]vil|celular|ll[áa]m(?:ame|ar|ad|e |eme|enme|o )|cellulare|chiam|telem[óo]vel|ligar|ligue|nummer is|bel |numer tel|zadzwo|puhelin|ring |lur|numara|телефон|тел\.|номер|звон|điện thoại|my number|फ़?ोन|मोबाइल)|电话|電話|手机|手機|携帯|연락처|전화|핸드폰|หมายเลขโทรศัพท์|โทร|هاتف|جوال|טלפון|नंबर/iu;

const FIELD =
  /(?:^| )(?:phone|tel|telephone|mobile|cell(?:phone)?|fax|whatsapp|msisdn|telefon|telefono|teléfono|contact)(?: (?:number|no|nr))?$/;
/** Shops and authorities number other things too, and say so right before the number. */
const OTHER_NUMBER =
  /(?:order|invoice|track\p{L}*|ticket|ref(?:erence)?|ean|gtin|isbn|issn|doi|upc|imei|batch|lot|build|release|version|part|model|article|asset|contract|receipt|chapter|section|commit|serial|case|account|policy|sku|item|product|parcel|shipment|version|bestell\p{L}*|auftrag\p{L}*|rechnung\p{L}*|sendung\p{L}*|commande|facture|pedido|factura|ordine|zamówieni\p{L}*)[\s\p{L}.]{0,12}[:#№°]{0,2}\s*$|#\s?$|(?<!\p{L})(?:ssn|itin|npi|mbi|aba|routing|nhs|nino|sin|tfn|abn|acn|ird|medicare|aadh?aa?r|pan|bsn|siren|siret|nif|dni|pesel|regon|cpf|cnpj|rrn|brn|uen|nin|(?:tax|national|insurance)[\p{L} ]{0,12})(?: (?:number|no|nr|id|card))?\.?[:#= ]{0,3}(?:is )?$/iu;

/** Where a national number may be from if nothing says so, in the order of asking. */
const REGIONS_WITH_ZERO: readonly CountryCode[] = ['GB', 'DE', 'FR', 'IT', 'NL', 'AU', 'IN', 'SE', 'JP'];
const REGIONS_WITHOUT_ZERO: readonly CountryCode[] = [
  'US',
  'ES',
  'PL',
  'CN',
  'IN',
  'SG',
  'PT',
  'NO',
  'DK',
  'BR',
];

/**
 * Lookups in the numbering plans that one text may cost; each takes some microseconds. Whatever could be a number counts
 * as one from there on.
 */
const LOOKUPS_MAX = 5_000;

interface Lookups {
  left: number;
}

export const phone: StructuredFamily = { name: 'phone', kinds: ['PHONE_NUMBER'], words: [WORDS], find };

function find(subject: Subject): Match[] {
  if (subject.digits < DIGITS_MIN) return [];
  const matches: Match[] = [];
  for (const { 0: found, index: start, end } of spansOf(NANP, subject.text)) {
    // Fictional 555 numbers count too. Without brackets, it could be the number of something else.
    if (!found.includes('(') && isOfSomethingElse(subject, start)) continue;
    matches.push({ start, end, kind: 'PHONE_NUMBER', score: found.includes('(') ? 0.8 : 0.75 });
  }
  const lookups: Lookups = { left: LOOKUPS_MAX };
  let said: Match | undefined;
  for (const { 0: written, index, end } of spansOf(CANDIDATE, subject.text)) {
    const start = index + strayBracket(written);
    const isListed = subject.lists(said, start);
    const score = scoreOf(subject, { start, end, isListed }, lookups);
    if (score === 0) continue;
    said = { start, end, kind: 'PHONE_NUMBER', score };
    matches.push(said);
  }
  return matches;
}

/** Characters up to and with a bracket that is not the number's: one that a sentence closes, or a list's `2)`. */
function strayBracket(written: string): number {
  if (written.startsWith('(')) return written.includes(')') ? 0 : 1;
  return /^\d{1,2}\) ?/.exec(written)?.[0].length ?? 0;
}

const isOfSomethingElse = ({ text }: Subject, start: number): boolean =>
  OTHER_NUMBER.test(text.slice(Math.max(0, start - 32), start));

interface Candidate {
  readonly start: number;
  readonly end: number;
  /** It goes on with a list of numbers. */
  readonly isListed: boolean;
}

function scoreOf(subject: Subject, { start, end, isListed }: Candidate, lookups: Lookups): number {
  const number = subject.text.slice(start, end).replace(/[ ,]*(?:ext|x).*$/i, '');
  const digits = number.replace(/\D/g, '');
  if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX || /^(?:(\d)\1+|[01]+)$/.test(digits))
    return 0;
  if (/^\(?\+/.test(number)) return isInternational(`+${digits}`, lookups) ? 0.95 : 0;
  // "4,097,053 (2019 census)": a bracket inside of a number is closed inside of it.
  if (isMoment(number) || (number.lastIndexOf('(') > 0 && !number.includes(')'))) return 0;
  const grouped = /\d[^\d]+\d/.test(number);
  if (/^\(?00/.test(number)) {
    const isOne =
      !isOfSomethingElse(subject, start) && isInternational(`+${digits.slice(2)}`, lookups, !grouped);
    return isOne ? 0.9 : 0;
  }
  const isCalled = isListed || isCalledPhone(subject, start, end);
  // A leading zero with separators, or a bare mobile number of Britain or France, is little else.
  const isLikely = /^\(?0[1-9]/.test(number) && (grouped || /^0(?:7\d{9}|[67]\d{8})$/.test(digits));
  if ((!isCalled && !isLikely) || isOfSomethingElse(subject, start)) return 0;
  if (isCalled) return digits.length <= 11 || isNational(digits, lookups) ? 0.8 : 0;
  return isNational(digits, lookups) ? 0.7 : 0;
}

/** Whether a word stands before the number or behind it, or names its field or column. */
function isCalledPhone(subject: Subject, start: number, end: number): boolean {
  const before = subject.before(start);
  if (before.isSilent && !isSpokenOfBehind(subject.text, end)) return false;
  if (subject.near(WORDS, start, end, true) || FIELD.test(subject.key)) return true;
  const column = subject.columnAt(start);
  if (column !== '') return FIELD.test(column);
  return isSpokenOfBehind(subject.text, end) && subject.context(start, end).says(WORDS);
}

/** Of a length that its country has, as numbers from films and examples are somebody's habit too; or `allotted`. */
function isInternational(number: string, lookups: Lookups, allotted = false): boolean {
  if (!allotted) return hasLengthOfCountry(number, lookups);
  return lookups.left-- <= 0 || parsePhoneNumberFromString(number)?.isValid() === true;
}

/** A country's calling code has three digits at most; what follows can tell a part of it. With the plus. */
const COUNTRY_CHARS = 6;
const LENGTHS_MAX = 4_096;
const LENGTHS = new Map<string, boolean>();

/** Which lengths a country has is asked once for each, of a number that is the same from its area on. */
function hasLengthOfCountry(number: string, lookups: Lookups): boolean {
  const typical = number.slice(0, COUNTRY_CHARS).padEnd(number.length, '2');
  const known = LENGTHS.get(typical);
  if (known !== undefined) return known;
  if (lookups.left-- <= 0) return true;
  const isPossible = parsePhoneNumberFromString(typical)?.isPossible() === true;
  if (LENGTHS.size >= LENGTHS_MAX) LENGTHS.clear();
  LENGTHS.set(typical, isPossible);
  return isPossible;
}

function isNational(digits: string, lookups: Lookups): boolean {
  const regions = digits.startsWith('0') ? REGIONS_WITH_ZERO : REGIONS_WITHOUT_ZERO;
  return regions.some(
    (region) => lookups.left-- <= 0 || parsePhoneNumberFromString(digits, region)?.isValid() === true,
  );
}

/** A date, perhaps with a time behind it, a network address or decimals are none. */
function isMoment(number: string): boolean {
  const ymd = /^((?:19|20)\d\d)([-./ ]?)(\d\d)\2(\d\d)(?:\D.*)?$/.exec(number);
  if (ymd !== null) return isDate(Number(ymd[1]), Number(ymd[3]), Number(ymd[4]));
  const dmy = /^(\d{1,2})([-./ ])(\d{1,2})\2((?:19|20)\d\d)(?:\D.*)?$/.exec(number);
  if (dmy !== null) return Number(dmy[1]) <= 31 && Number(dmy[3]) <= 31;
  // Network addresses; decimals of a table side by side.
  return /^\d{1,3}(?:\.\d{1,3}){3}$|^\d{1,3}\.\d{1,2}(?: ?[(/-] ?\d{1,3}\.\d{1,2})+$/.test(number);
}
