/**
 * Secrets that their issuer gives a form of its own, so that they can be found where they should not be: the issuers' own
 * documentation, and the forms that public scanners for secrets agree on.
 */
import type { Groups } from '../groups.ts';
import type { Match } from '../subject.ts';
import { spansOf } from '../subject.ts';

/**
 * Beginnings, each with the characters (letters, digits, `_` and `-`) that follow at least. By issuer: clouds, models,
 * code, packages, delivery, chat, mail, payment, data, watching, offices.
 */
const PREFIXES = `
  AKIA 16, ASIA 16, ABIA 16, ACCA 16, AIDA 16, AROA 16, ABSK 40, LTAI 12, AKID 32, AIza 30, GOCSPX- 20, AQVN 30, YC 38,
  y0_ 30, y1_ 30, y2_ 30, y3_ 30, do_v1_ 60, doo_v1_ 60, dop_v1_ 60, dor_v1_ 60, HRKU- 30, fo1_ 30, ocid1.key. 40, nfp_ 30,
  sk-proj- 20, sk-ant- 20, sk-or- 20, sk-svcacct- 20, sk-admin- 20, sk- 20, hf_ 30, api_org_ 30, r8_ 35, gsk_ 40, pplx- 40,
  xai- 40, pcsk_ 40, lsv2_pt_ 32, lsv2_sk_ 32, tvly- 20, nvapi- 40, fw_ 20, csk- 30, tgp_v1_ 30, jina_ 40, sk_ 40,
  ghp_ 36, gho_ 36, ghu_ 36, ghs_ 36, ghr_ 36, github_pat_ 22, glpat- 20, gldt- 20, glrt- 20, glcbt- 20, glptt- 20,
  glft- 20, glimt- 20, glagent- 20, gloas- 20, glsoat- 20, GR1348941 20, ATBB 32, ATCTT3 60, sgp_ 40, sqp_ 40,
  squ_ 40, sqa_ 40, bkua_ 40, CCIPAT_ 20, pul- 40, pnu_ 36, pnb_ 36, API- 26,
  npm_ 36, pypi- 32, rubygems_ 40, cio 32, oy2 43, dckr_pat_ 20, dckr_oat_ 20, AKCp 60, cmVmd 50,
  hvs. 20, hvb. 20, hvr. 20, dp.pt. 40, dp.st. 40, dp.ct. 40, dp.sa. 40, ops_eyJ 60, AGE-SECRET-KEY-1 50, akl_ 30, rnd_ 28,
  xoxb- 10, xoxa- 10, xoxp- 10, xoxr- 10, xoxs- 10, xoxe- 10, xoxo- 10, xoxe.xoxb- 10, xoxe.xoxp- 10, xapp- 10, xwfp- 10,
  xkeysib- 60, md- 22, key- 32, re_ 24, mlsn. 40, SK 32, AC 32,
  sk_live_ 16, sk_test_ 16, rk_live_ 16, rk_test_ 16, pk_live_ 16, pk_test_ 16, whsec_ 20, sq0atp- 22, sq0csp- 40,
  sq0idp- 22, EAAA 50, AQE 60, rzp_live_ 14, rzp_test_ 14, FLWSECK- 12, FLWSECK_TEST- 12, live_ 30, test_ 30, EZAK 50,
  EZTK 50, shippo_live_ 40, shippo_test_ 40, access-sandbox- 36, access-production- 36, access-development- 36,
  shpat_ 32, shpca_ 32, shppa_ 32, shpss_ 32, EAA 40, AAAAAAAAAAAAAAAAAAAA 40,
  dapi 32, pscale_tkn_ 32, pscale_pw_ 32, pscale_oauth_ 32, napi_ 40, sbp_ 40, sb_secret_ 20, AVNS_ 15, tk-us- 40,
  NRAK- 20, NRII- 20, NRJS- 15, NRRA- 20, glsa_ 32, glc_ 32, sntrys_ 40, sntryu_ 40, PMAK- 50, phc_ 30, phx_ 30, dt0c01. 20,
  secret_ 40, ntn_ 40, lin_api_ 32, lin_oauth_ 32, figd_ 30, figo_ 30, figu_ 30, pat-na1- 36, pat-na2- 36, pat-eu1- 36,
  CFPAT- 40, tfp_ 40, sl. 60, waka_ 36, sm_ 40, tg- 24, sha256~ 40`;

const REST = '[0-9A-Za-z_-]';
const CHARS_MAX = 1_024;
const escaped = (text: string): string => text.replace(/[.$]/g, '\\$&');

/** Longer beginnings first: `sk-proj-` before `sk-`. */
const BY_PREFIX = [...PREFIXES.matchAll(/(\S+) (\d+)/g)]
  .map(([, prefix = '', charsMin = '']) => ({ prefix, charsMin }))
  .sort((a, b) => b.prefix.length - a.prefix.length)
  .map(({ prefix, charsMin }) => `${escaped(prefix)}${REST}{${charsMin},${CHARS_MAX}}`);

const OTHER_FORMS = [
  'ATATT3[0-9A-Za-z_-]{40,1024}(?:=[0-9A-F]{8})?', // Atlassian, with its checksum
  'eyJ[0-9A-Za-z_-]{8,4096}\\.eyJ[0-9A-Za-z_-]{8,8192}(?:\\.[0-9A-Za-z_-]{0,4096})?', // RFC 7519
  'eyJ[0-9A-Za-z_-]{8,4096}\\.[0-9A-Za-z_-]{0,512}\\.[0-9A-Za-z_-]{8,64}\\.[0-9A-Za-z_-]{8,8192}\\.[0-9A-Za-z_-]{8,64}', // RFC 7516
  'ya29\\.[0-9A-Za-z_-]{20,1024}', // Google OAuth
  '1//0[0-9A-Za-z_-]{40,256}',
  'SG\\.[0-9A-Za-z_-]{16,64}\\.[0-9A-Za-z_-]{16,128}', // SendGrid
  '\\d{8,10}:AA[0-9A-Za-z_-]{32,35}', // Telegram bots
  '[MNO][0-9A-Za-z_-]{23,27}\\.[0-9A-Za-z_-]{6}\\.[0-9A-Za-z_-]{27,40}', // Discord bots
  '[0-9A-Za-z]{14}\\.atlasv1\\.[0-9A-Za-z_-]{60,70}', // Terraform
  'access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}', // PayPal Braintree
  '[0-9A-Za-z_~.-]{3}\\dQ~[0-9A-Za-z_~.-]{31,34}', // Microsoft Entra
  '[0-9A-Za-z+/]{33,80}(?:AzFu|AIoT|APIM|ACDb|\\+AMC|\\+ASt|\\+AEh|\\+ARm|AzCa|AzSe|JQQJ9)[0-9A-Za-z+/]{5,40}={0,2}', // Azure
  '[0-9a-f]{32}-us\\d{1,2}', // Mailchimp
  '[0-9a-f]{36}NRAL', // New Relic
  'pat[0-9A-Za-z]{14}\\.[0-9a-f]{64}', // Airtable
  'amzn\\.mws\\.[0-9a-f-]{36}',
  'v1\\.0-[0-9a-f]{24}-[0-9a-f]{140,150}', // Cloudflare
  't1\\.[0-9A-Za-z_-]{20,256}\\.[0-9A-Za-z_-]{60,128}', // Yandex
  'A3-[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}', // 1Password
  '[pst]k\\.eyJ[0-9A-Za-z_-]{40,256}\\.[0-9A-Za-z_-]{20,64}', // Mapbox
  '[12]/\\d{13,20}(?:/\\d{13,20})?:[0-9a-f]{32}', // Asana
  '(?:hooks\\.slack\\.com/(?:services|workflows)|discord(?:app)?\\.com/api/webhooks|[0-9a-z-]{1,64}\\.webhook\\.office\\.com/webhookb2)/[0-9A-Za-z/_@-]{20,512}',
];

const ISSUED = new RegExp(`(?<![0-9A-Za-z])(?:${[...OTHER_FORMS, ...BY_PREFIX].join('|')})={0,2}`, 'g');

/** No secret of an issuer's is shorter. */
const RUN_CHARS_MIN = 18;
/** Letters, digits and the signs that secrets are made of. */
const IN_RUN = new Uint8Array(128);
for (const char of '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.+/=:~$@') {
  IN_RUN[char.charCodeAt(0)] = 1;
}

/** Looks only at runs that are long enough: words of prose are not, so that prose costs a look at what stands between them. */
export function issuedSecrets({ text, starts, ends }: Groups): Match[] {
  const matches: Match[] = [];
  for (let i = 0; i < starts.length; i++) {
    const first = starts[i] ?? 0;
    let end = ends[i] ?? 0;
    for (; isInRun(text, end); end++) if (end === starts[i + 1]) end = (ends[++i] ?? 0) - 1;
    let start = first;
    while (isInRun(text, start - 1)) start--;
    if (end - start >= RUN_CHARS_MIN) addFrom(matches, text.slice(start, end), start);
  }
  return matches;
}

const isInRun = (text: string, place: number): boolean => {
  const code = text.charCodeAt(place);
  return code < 128 && IN_RUN[code] === 1;
};

/** AWS draws capitals and a few digits, so that one key in a hundred has none. */
const AWS_KEY = /^A[A-Z]{3}[A-Z]{16}$/;

/**
 * Whether characters were drawn by chance, as issuers do: `live_preview_of_the_newest_page` has no digits, and
 * `aNameInCamelCase` turns from small letters to capitals and back once a word.
 */
export function isDrawn(text: string): boolean {
  if (/\d/.test(text)) return true;
  const turns = (text.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g) ?? []).length;
  return turns * 10 >= text.length * 3;
}

/** Forms with a length that no identifier has by chance: they need no further proof. */
const OF_ONE_LENGTH = /^(?:gh[pousr]_[0-9A-Za-z]{36}|npm_[0-9A-Za-z]{36}|AIza[\w-]{35}|hf_[0-9A-Za-z]{34})$/;

/** Many letters in a row, some capitals side by side: drawn letters can turn as seldom as words do, but not only once a word. */
const NO_WORDS = /(?=[A-Za-z]*[a-z])(?=[A-Za-z]*[A-Z]{2})[A-Za-z]{20,}/;

function addFrom(matches: Match[], run: string, offset: number): void {
  for (const { 0: found, index, end } of spansOf(ISSUED, run)) {
    const isOne = [AWS_KEY, OF_ONE_LENGTH, NO_WORDS].some((form) => form.test(found));
    if (!isOne && !isDrawn(found.slice(2))) continue;
    matches.push({ start: offset + index, end: offset + end, kind: 'SECRET', score: 0.99 });
  }
}
