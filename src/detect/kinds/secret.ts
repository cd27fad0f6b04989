/** Secrets: tokens that their issuer marks with a prefix, keys in PEM, JSON Web Tokens, and what is called a password. */
import { MASK, type Match, type StructuredFamily, type Subject, spansOf } from '../subject.ts';

export const secret: StructuredFamily = { name: 'secret', kinds: ['SECRET'], find };

function find(subject: Subject): Match[] {
  const { text, digits } = subject;
  const codes = digits < 3 ? [] : shortCodes(text);
  return [...issued(text), ...keyBlocks(text), ...named(subject), ...codes, ...fieldOf(subject)];
}

/** Tokens whose issuer gave them a prefix so that they can be found: the issuers' own documentation. */
const ISSUED = new RegExp(
  `(?<![0-9A-Za-z])(?:${[
    '(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}', // AWS access key ids
    'AIza[0-9A-Za-z_-]{35}', // Google API keys
    'ya29\\.[0-9A-Za-z_-]{20,1024}', // Google OAuth
    'GOCSPX-[0-9A-Za-z_-]{20,64}',
    'sk-(?:proj-|ant-|or-|svcacct-|admin-)?[0-9A-Za-z_-]{20,256}', // OpenAI, Anthropic, OpenRouter
    'gh[pousr]_[0-9A-Za-z]{36,255}', // GitHub
    'github_pat_[0-9A-Za-z_]{22,255}',
    'glpat-[0-9A-Za-z_-]{20,64}', // GitLab
    'xox[abeoprs]-[0-9A-Za-z-]{10,255}', // Slack
    'xapp-[0-9A-Za-z-]{10,255}',
    '(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,255}', // Stripe
    'whsec_[0-9A-Za-z+/=]{20,255}',
    'SG\\.[0-9A-Za-z_-]{16,64}\\.[0-9A-Za-z_-]{16,128}', // SendGrid
    'npm_[0-9A-Za-z]{36}',
    'pypi-[0-9A-Za-z_-]{32,255}',
    'hf_[0-9A-Za-z]{30,64}', // Hugging Face
    'r8_[0-9A-Za-z]{37}', // Replicate
    'gsk_[0-9A-Za-z]{40,64}', // Groq
    'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}', // Shopify
    'do[opr]_v1_[0-9a-f]{64}', // DigitalOcean
    'dckr_pat_[0-9A-Za-z_-]{20,64}',
    'hv[sb]\\.[0-9A-Za-z_-]{24,255}', // HashiCorp Vault
    'key-[0-9a-f]{32}', // Mailgun
    'EAA[0-9A-Za-z]{40,255}', // Facebook
    '\\d{8,10}:AA[0-9A-Za-z_-]{32,35}', // Telegram bots
    'eyJ[0-9A-Za-z_-]{8,4096}\\.eyJ[0-9A-Za-z_-]{8,8192}(?:\\.[0-9A-Za-z_-]{0,4096})?', // RFC 7519
    'tg-[0-9A-Za-z_-]{24,128}', // tiergate's own keys
  ].join('|')})`,
  'g',
);
/** What every prefix above has and prose rarely does, so that prose costs one pass. */
const MAY_BE_ISSUED =
  /A[KSBC][IC]A[0-9A-Z]|AIza|ya29|GOCSPX|sk-|[hsrpko]_[0-9A-Za-z]|glpat|xox|xapp|whsec|SG\.|pypi-|r8_|shp|dckr|hv[sb]\.|key-|EAA|:AA|eyJ|tg-/;

function issued(text: string): Match[] {
  if (text.length < 16 || !MAY_BE_ISSUED.test(text)) return [];
  return [...spansOf(ISSUED, text)].map(({ index, end }) => ({
    start: index,
    end,
    kind: 'SECRET',
    score: 0.99,
  }));
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
  'pass(?:word|wort|wd|phrase|code)|pwd|kennwort|contrase(?:ñ|n)a|clave|mot de passe|mdp|senha|palavra-passe|wachtwoord|l(?:ö|o)senord|has(?:ł|l)o|parola|salasana|şifre|пароль|密码|密碼|パスワード|비밀번호|कूटशब्द|पासवर्ड|mật khẩu';
const KEY_WORDS =
  '(?:api|access|secret|private|account|shared|subscription|encryption|signing)[ _-]?(?:access[ _-]?)?key|(?:access|auth|api|refresh|bearer|session|id)[ _-]?token|client[ _-]?secret|secret|token|bearer|authorization:? basic|credentials?';
const LINK =
  '(?:[\'"]?[ \\t]{0,3}(?:[:=：]{1,2}|=>|->)[ \\t]{0,3}|[ \\t]{1,3}(?:is|are|was|ist|lautet|es|est|è|é|to)[ \\t:]{1,3})';
const VALUE = '["\'`“”«]?([^\\s"\'`“”«»<>,;\\uFDD0]{4,512})';
const NAMED_PASSWORD = new RegExp(`(?:${PASSWORD_WORDS})(${LINK})${VALUE}`, 'giu');
// In a query string or a form, the next parameter is not part of the key.
const NAMED_KEY = new RegExp(`(?:${KEY_WORDS})(?:${LINK}|[ \\t])${VALUE.replace(',;', ',;&')}`, 'giu');

/** Words that stand where a password could, and are none. */
const NO_VALUE =
  /^(?:null|none|nil|true|false|undefined|required|optional|string|text|hidden|reset|forgot(?:ten)?|changed?|wrong|incorrect|invalid|expired|empty|unknown|secret|password|\*+|x{3,}|\.+|-+|n\/a|[$%]?[{(<[].*|process\.env.*|os\.environ.*)[.!?)]*$/i;

function named({ text }: Subject): Match[] {
  const matches: Match[] = [];
  for (const found of spansOf(NAMED_PASSWORD, text)) {
    const marked = /[:=：>]/.test(found[1] ?? '');
    const quoted = marked ? restOfQuoted(text, found.end - (found[2] ?? '').length, found.end) : undefined;
    if (quoted !== undefined) {
      matches.push(quoted);
      continue;
    }
    const value = trimEnd(found[2] ?? '');
    // "My password is wrong" names none: without a colon, the value must look like a password.
    if (value.length < 4 || NO_VALUE.test(value) || !(marked || looksMade(value))) continue;
    matches.push(valueMatch(found.end, found[2] ?? '', value, marked ? 0.8 : 0.7));
  }
  for (const found of spansOf(NAMED_KEY, text)) {
    const value = trimEnd(found[1] ?? '');
    if (value.length < 8 || NO_VALUE.test(value) || !looksMade(value) || !/\d/.test(value)) continue;
    matches.push(valueMatch(found.end, found[1] ?? '', value, 0.75));
  }
  return matches;
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
  /(?<![\p{L}\p{N}])(?:(?:pin|otp|passcode)(?: (?:is|ist|code is)|[ \t]?[:=])|(?:cvv2?|cvc2?)(?: (?:is|ist|code)|[ \t]?[:=])?)[ \t]{0,2}["']?(\d{3,8})(?![\p{L}\p{N}]|[.,]\d)/giu;

const shortCodes = (text: string): Match[] =>
  spansOf(SHORT_CODE, text).map(({ end, 1: code = '' }) => ({
    start: end - code.length,
    end,
    kind: 'SECRET',
    score: 0.8,
  }));

/** A full stop or a bracket after a value ends the sentence, not the value. */
const trimEnd = (value: string): string => value.replace(/[.,;:!?)\]}]{1,3}$/, '');

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
