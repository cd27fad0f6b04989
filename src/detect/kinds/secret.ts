/** Secrets: tokens that their issuer marks with a prefix, keys in PEM, JSON Web Tokens, and what is called a password. */

import { MASK } from '../mask.ts';
import { isName } from '../said/lists.ts';
import { type Match, type StructuredFamily, type Subject, spansOf } from '../subject.ts';
import { Hints } from './hints.ts';
import { isDrawn, issuedSecrets } from './issued-secret.ts';

export const secret: StructuredFamily = { name: 'secret', kinds: ['SECRET'], find };

function find(subject: Subject): Match[] {
  const { text, digits } = subject;
  const bySelf = [...issuedSecrets(subject.groups), ...keyBlocks(text)];
  // Of what was put together, only what is told by its own form counts.
  if (subject.needsProof) return [...bySelf, ...basicCredentials(text)];
  const byName = NAMES.mayBeIn(text)
    ? [...named(subject), ...onCommandLines(text), ...basicCredentials(text)]
    : [];
  const codes = digits < 3 ? [] : shortCodes(subject);
  return [...bySelf, ...byName, ...codes, ...fieldOf(subject)];
}

/** RFC 7468. An unfinished block is hidden to the end of its base64. */
function keyBlocks(text: string): Match[] {
  const matches: Match[] = [];
  const BEGIN = '-----BEGIN ';
  for (let start = text.indexOf(BEGIN); start !== -1; start = text.indexOf(BEGIN, start + 1)) {
    const label = /^[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.exec(text.slice(start + 11, start + 80))?.[0];
    if (label === undefined) continue;
    const close = `-----END ${label}`;
    const found = text.indexOf(close, start);
    const end = found === -1 ? text.length : found + close.length;
    matches.push({ start, end, kind: 'SECRET', score: 1 });
    start = end - 1;
  }
  return matches;
}

const PASSWORD_WORDS =
  'pass(?:word|wort|wd|phrase|code)|(?<!\\p{L})(?:pass|pw)(?=["\']?[ \\t]{0,3}[:=])|(?:backup|recovery|security) (?:code|answer)|pwd|kennwort|contrase(?:ñ|n)a|clave|mot de passe|mdp|senha|palavra-passe|wachtwoord|l(?:ö|o)senord|has(?:ł|l)o|parola|salasana|şifre|пароль|密码|密碼|パスワード|비밀번호|कूटशब्द|पासवर्ड|mật khẩu';
const KEY_WORDS =
  '(?<=(?:aws|azure|gcp|google|cloudflare|heroku|datadog|new[ _-]?relic|sentry|grafana|twilio|sendgrid|mailgun|stripe|paypal|adyen|square|slack|discord|telegram|github|gitlab|openai|anthropic|mistral|cohere|algolia|mapbox|okta|auth0|dropbox|notion|figma|linear|jira|trello|asana|zendesk|intercom|spotify|facebook|twitter|linkedin)[ _-])key|(?:api|app|application|access|secret|private|account|shared|subscription|encryption|signing|master|storage|license|licence|product|activation)[ _-]?(?:access[ _-]?)?key(?:[ _-]?id)?|(?:access|auth|api|refresh|bearer|session|id|csrf|xsrf)[ _-]?token|(?:client|consumer|app|shared)[ _-]?secret|session[ _-]?(?:id|key)|jsessionid|phpsessid|secret|token|bearer|authorization:? basic|credentials?|sig';
const LINK_WORDS = 'is|are|was|ist|lautet|es|est|è|é|to|är|er|jest|on|это';
const LINK = `(?:['"]?[ \\t]{0,3}(?:[:=：]{1,2}|=>|->)[ \\t]{0,3}|[ \\t]{1,3}(?:${LINK_WORDS})[ \\t:]{1,3}|[ ]?\\t[ ]?|(?:は|는|은)(?=[!-~]))`;
const VALUE = '["\'`“”«]?([^\\s"\'`“”«»<>,;\\uFDD0]{4,512})';
/** "password for the account". */
const OF_WHAT =
  '(?: (?:for|of|to|für|de|del|di|du) (?:the |my |our |your |das |mein )?[\\p{L}-]{1,20}(?: [\\p{L}-]{1,20})?)?';
const PASSWORD = new RegExp(PASSWORD_WORDS, 'giu');
const PASSWORD_VALUE = new RegExp(`${OF_WHAT}(${LINK})${VALUE}`, 'iuy');
// In a query string or a form, the next parameter is not part of the key; those of a signed URL are.
const KEY_VALUE = VALUE.replace(',;', ',;&').replace('([', '(https?://[^\\s"\'`<>\\uFDD0]{8,2048}|[');
const NAMED_KEY = new RegExp(`(?:${KEY_WORDS})(?:${LINK}|[ \\t])${KEY_VALUE}`, 'giu');

/** Words that stand where a password could, and are none. */
const NO_VALUE =
  /^(?:null|none|nil|true|false|undefined|required|optional|string|text|hidden|reset|forgot(?:ten)?|changed?|wrong|incorrect|invalid|expired|empty|unknown|secret|password|\*+|x{3,}|\.+|-+|n\/a|[$%]?[{(<[].*|process\.env.*|os\.environ.*)[.!?)]*$/i;

/** What is said of passwords, beside words that end as such words do. */
const STATES =
  /^(?:.{0,32}(?:ed|ing|able|ible|ful|less|ory|ive|ent|ant|ary|ly)|wrong|incorrect|invalid|expired|right|correct|same|different|new|old|not|also|still|never|always|only|just|case|weak|strong|secure|safe|short|long|simple|complex|easy|hard|good|bad|fine|okay|unique|random|default|private|public|secret|blank|empty|missing|unknown|known|lost|stolen|sent|shown|given|written|kept|there|here|where|what|which|that|this|these|those|below|above|mine|yours|ours|theirs|from|with|without|about|like|then|than|when|your|their|needed)$/i;

/** Whether a plain word behind "password is" ends its clause and is nothing that is said of passwords. */
function isGiven(text: string, link: string, written: string, end: number): boolean {
  const value = trimEnd(text, end, written);
  if (!/(?:is|ist|lautet|es|est|è|é)[ \t]/i.test(link) || !/^\p{Ll}{5,20}$/u.test(value)) return false;
  const next = text[end - written.length + value.length] ?? '';
  return /^[.!,"'”)\n]?$/.test(next) && !STATES.test(value);
}

/** `token = next(1)`: code that makes a key is none. */
const CALL = /^[A-Za-z_$][\w$.]{0,128}[([]/;

/** Three characters of each of these words, and of what stands on command lines: few texts have any. */
const NAMES = new Hints(
  [
    'pas pwd kup cov ecu nnw ena eña lav mdp enh htw eno asl asł ola asa ifr key tok ecr bea ssi bas ede phr rds --u'.split(
      ' ',
    ),
    ['pw', 'ig', '-u'].flatMap((two) => ['"', ' ', ':'].map((sign) => two + sign)),
  ].flat(),
);

function named({ text }: Subject): Match[] {
  const matches: Match[] = [];
  for (const { end } of spansOf(PASSWORD, text)) {
    const match = passwordBehind(text, end) ?? madeBehind(text, end);
    if (match !== undefined) matches.push(match);
  }
  for (const found of spansOf(NAMED_KEY, text)) {
    const value = trimEnd(text, found.end, found[1] ?? '');
    if (value.length < 8 || NO_VALUE.test(value) || !looksMade(value) || !isDrawn(value)) continue;
    if (CALL.test(value)) continue;
    matches.push(valueMatch(found.end, found[1] ?? '', value, 0.75));
  }
  return matches;
}

/** What is given as a password right behind the word, with a sign or a verb between. */
function passwordBehind(text: string, wordEnd: number): Match | undefined {
  PASSWORD_VALUE.lastIndex = wordEnd;
  const found = PASSWORD_VALUE.exec(text);
  if (found === null) return undefined;
  const { 1: link = '', 2: written = '' } = found;
  const end = PASSWORD_VALUE.lastIndex;
  const marked = /[:=：>]/.test(link);
  const quoted = marked ? restOfQuoted(text, end - written.length, end) : undefined;
  if (quoted !== undefined) return quoted;
  const value = BEFORE_LETTERS.exec(written)?.[0] ?? trimEnd(text, end, written);
  // "My password is wrong" names none: without a colon, the value must look like a password, or end the sentence.
  if (value.length < 4 || NO_VALUE.test(value)) return undefined;
  if (!marked && !looksMade(value) && !isGiven(text, link, written, end)) return undefined;
  return valueMatch(end, written, value, marked ? 0.8 : 0.7);
}

/** Japanese goes on without a space. */
const BEFORE_LETTERS = /^[!-~]{4,}(?=[\u3000-\u9fff\uac00-\ud7af])/;

/** How far behind the word something may stand that is made as passwords are. */
const MADE_CHARS_MAX = 80;
const MADE = /[^\s"'`“”«»<>,;()|：、。\uFDD0]{6,64}/gu;
const TAGS = /<\/?[a-z]{1,8}>/gi;
/** Between the word and a value: no other word but a verb. */
const JUST_BEHIND = new RegExp(`^\\p{L}{0,2}[^\\p{L}\\p{N}]*(?:(?:${LINK_WORDS})[^\\p{L}\\p{N}]+)?$`, 'iu');
const HAS_SIGN = /^(?=.*\d)(?=.*\p{L})[^=/@]*[!#$%&?*^~+][^=/@]*$/u;
const IS_MIXED = /^(?=.*\d.*\d)(?=.*\p{Ll})(?=.*\p{Lu})[^=/@:]*$/u;
/** `OAuth2.0`, `README2024.md`. */
const IS_NAME = /^\p{Lu}\p{L}*\d{1,2}(?:\.\d+)*$|\.[a-z]{2,4}$/u;
/** `$USER_ID2`, `a1&&b2`. */
const IS_CODE = /^[$%][\w%]+$|&&|\|\|/;

/** The first word behind that no language has: with a sign and a digit in it, or mixed and right behind. */
function madeBehind(text: string, wordEnd: number): Match | undefined {
  const behind = text.slice(wordEnd, wordEnd + MADE_CHARS_MAX).replace(TAGS, (tag) => ' '.repeat(tag.length));
  for (const { 0: written, index, end } of spansOf(MADE, behind)) {
    // What is cut off is not known to be a whole word.
    if (end === MADE_CHARS_MAX) return undefined;
    const value = written.replace(/[.!?:\]}]+$/, '');
    if (NO_VALUE.test(value) || IS_CODE.test(written)) continue;
    const isJustBehind = JUST_BEHIND.test(behind.slice(0, index));
    // At the end of a sentence, an exclamation mark is the sentence's.
    const whole = isJustBehind || /^ ?\p{Ll}/u.test(behind.slice(end)) ? written : value;
    if (!HAS_SIGN.test(whole) && !(isJustBehind && IS_MIXED.test(value) && !IS_NAME.test(value))) continue;
    return { start: wordEnd + index, end: wordEnd + index + value.length, kind: 'SECRET', score: 0.7 };
  }
  return undefined;
}

function valueMatch(end: number, written: string, value: string, score: number): Match {
  const start = end - written.length;
  return { start, end: start + value.length, kind: 'SECRET', score };
}

const QUOTED_CHARS_MAX = 128;

/** A passphrase in quotes, with spaces in it; a sentence in quotes is none, and has nothing that looks made. */
function restOfQuoted(text: string, start: number, end: number): Match | undefined {
  const quote = text[start - 1] ?? '';
  if (!/["'`]/.test(quote) || text[end] !== ' ') return undefined;
  const close = text.slice(start, start + QUOTED_CHARS_MAX).search(quote === '`' ? /[`\r\n]/ : /["'\r\n]/);
  if (close === -1 || text[start + close] !== quote) return undefined;
  const value = text.slice(start, start + close);
  if (value.includes(MASK) || !/\d|[^\p{L}\p{N}\s'’.,;:!?()-]/u.test(value)) return undefined;
  return { start, end: start + close, kind: 'SECRET', score: 0.8 };
}

/** What pays or opens with a few digits: nothing but a word beside it tells it. */
const SHORT_CODE =
  /(?<![\p{L}\p{N}.,-])\d{3,8}(?![\p{L}\p{N}]|[.,]\d)(?<=(?<![\p{L}\p{N}])(?:(?:pin|otp|passcode)s?(?: (?:is|ist|are|code is)|[ \t]?[:=](?<who>(?:[ \t,;&]{1,3}\uFDD0){1,8}|(?:[ \t][\p{L}\p{M}'’.-]{1,20}){1,3})?:?)|otp|your code is|(?:verification|security|login|sign-?in|one[- ]time|auth(?:entication|orization)?|sms|2fa|mfa) (?:code|pin|passcode)s?(?: is|[ \t]?[:=])?|(?:cvv2?|cvc2?)(?: (?:is|ist|code)|[ \t]?[:=])?)[ \t]{0,2}["']?\d{3,8})/giu;
const DIGITS_ALONE = /(?<![\p{L}\p{N}.,-])\d{3,8}(?![\p{L}\p{N}]|[.,]\d)/gu;

function shortCodes(subject: Subject): Match[] {
  const { text } = subject;
  // "PIN: see page 12" names nobody.
  const told = spansOf(SHORT_CODE, text).filter(
    ({ groups: { who = MASK } = {} }) => who.includes(MASK) || isName(who.trim()),
  );
  if (told.length === 0) return [];
  const starts = new Set(told.map(({ index }) => index));
  const matches: Match[] = [];
  for (const { index: start, end } of spansOf(DIGITS_ALONE, text)) {
    if (!starts.has(start) && !subject.lists(matches.at(-1), start)) continue;
    matches.push({ start, end, kind: 'SECRET', score: 0.8 });
  }
  return matches;
}

/** Passwords as programs take them: `--token …`, `curl -u name:…`, a line of `.netrc`, a recovery phrase of a wallet. */
const COMMAND_LINE =
  /(?:--(?:password|passwd|pass|token|api-?key|secret|access-key)[ =]["']?|(?:^|\s)(?:-u|--user)[ =]["']?[^\s:"']{1,64}:|\slogin\s[^\s]{1,64}\spassword\s|(?:seed|recovery|mnemonic|backup|secret) (?:phrase|words)["']?(?: is)?[ :=]{1,3}["']?(?=(?:[a-z]{3,8}[ ,]{1,2}){11}))((?<=(?:phrase|words)["']?(?: is)?[ :=]{1,3}["']?)(?:[a-z]{3,8}[ ,]{1,2}){11,23}[a-z]{3,8}|[^\s"']{4,256})/g;
const ON_COMMAND_LINE = /--[ptasu]|-u[ =]|login \S{1,64} password |(?:phrase|words)["' :=]/;

function onCommandLines(text: string): Match[] {
  if (!ON_COMMAND_LINE.test(text)) return [];
  return spansOf(COMMAND_LINE, text).flatMap(({ end, 1: value = '' }) =>
    NO_VALUE.test(value) || value.includes(MASK)
      ? []
      : [{ start: end - value.length, end, kind: 'SECRET' as const, score: 0.8 }],
  );
}

/** RFC 7617: `Basic` and, in base64, a name and a password with a colon between. */
const BASIC = /(?<![A-Za-z])Basic ([0-9A-Za-z+/]{8,512}={0,2})(?![0-9A-Za-z+/=])/g;

function basicCredentials(text: string): Match[] {
  if (!text.includes('Basic ')) return [];
  return spansOf(BASIC, text).flatMap(({ end, 1: credentials = '' }) =>
    /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(credentials, 'base64').toString('latin1'))
      ? [{ start: end - credentials.length, end, kind: 'SECRET' as const, score: 0.95 }]
      : [],
  );
}

/** A full stop or a bracket after a value ends the sentence, not the value, unless a sign such as `;` ends the value. */
const trimEnd = (text: string, end: number, value: string): string =>
  /["'`;<>&]/.test(text[end] ?? '') ? value : value.replace(/[.,;:!?)\]}]{1,3}$/, '');

/** Digits, symbols or capitals inside a word: no dictionary has it. */
const looksMade = (value: string): boolean =>
  /\d/.test(value) || /[^\p{L}\p{N}'’.-]/u.test(value) || /\p{Ll}\p{Lu}/u.test(value);

const PASSWORD_FIELD = new RegExp(`(?:^| )(?:${PASSWORD_WORDS}|pin(?: code)?|otp|cvv|cvc)$`, 'iu');
const KEY_FIELD = new RegExp(`(?:^| )(?:${KEY_WORDS}|authorization)$`, 'iu');

/** What every such key has and few others do: most fields are passed over by this alone. */
const MAY_NAME_SECRET =
  /pass|pwd|kenn|contrase|clave|mdp|senha|wacht|losen|haslo|parola|salasana|pin|otp|cv[vc]|key|token|secret|bearer|credential|authorization|[^ -~]/i;

/** A field that its key calls a password holds one. */
function fieldOf(subject: Subject): Match[] {
  const { text } = subject;
  if (text.length > 512 || !MAY_NAME_SECRET.test(subject.nearestKey)) return [];
  const { key } = subject;
  const isPassword = PASSWORD_FIELD.test(key) && !/\s/.test(text);
  const isKey = !isPassword && KEY_FIELD.test(key) && text.length >= 8 && /\d/.test(text) && looksMade(text);
  if ((!isPassword && !isKey) || NO_VALUE.test(text) || text.includes(MASK)) return [];
  return [{ start: 0, end: text.length, kind: 'SECRET', score: 0.8 }];
}
