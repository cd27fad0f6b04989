/** Keys and tokens in the forms that their issuers give them, and passwords. All made up by chance. */
import { pick, type Random } from '../../reading/random.ts';
import { between, LETTERS, some } from './digits.ts';

const HEX = '0123456789abcdef';
const WORDY = `${LETTERS}${LETTERS.toLowerCase()}0123456789`;
const BASE64 = `${WORDY}+/`;
const URL_SAFE = `${WORDY}-_`;

const json64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Known by their form: no word is needed beside them. */
export const ISSUED: Readonly<Record<string, (random: Random) => string>> = {
  aws: (r) => `AKIA${some(r, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  google: (r) => `AIza${some(r, 35, URL_SAFE)}`,
  openai: (r) => `sk-proj-${some(r, 48, WORDY)}`,
  anthropic: (r) => `sk-ant-api03-${some(r, 93, URL_SAFE)}AA`,
  github: (r) => `ghp_${some(r, 36, WORDY)}`,
  'github fine-grained': (r) => `github_pat_${some(r, 22, WORDY)}_${some(r, 59, WORDY)}`,
  gitlab: (r) => `glpat-${some(r, 20, URL_SAFE)}`,
  slack: (r) => `xoxb-${some(r, 12)}-${some(r, 13)}-${some(r, 24, WORDY)}`,
  'slack webhook': (r) =>
    `https://hooks.slack.com/services/T${some(r, 8, WORDY.toUpperCase())}/B${some(r, 8, WORDY.toUpperCase())}/${some(r, 24, WORDY)}`,
  stripe: (r) => `sk_live_${some(r, 24, WORDY)}`,
  sendgrid: (r) => `SG.${some(r, 22, URL_SAFE)}.${some(r, 43, URL_SAFE)}`,
  twilio: (r) => `SK${some(r, 32, HEX)}`,
  npm: (r) => `npm_${some(r, 36, WORDY)}`,
  pypi: (r) => `pypi-AgEIcHlwaS5vcmc${some(r, 70, URL_SAFE)}`,
  docker: (r) => `dckr_pat_${some(r, 27, URL_SAFE)}`,
  terraform: (r) => `${some(r, 14, WORDY)}.atlasv1.${some(r, 64, WORDY)}`,
  vault: (r) => `hvs.${some(r, 90, URL_SAFE)}`,
  'new relic': (r) => `NRAK-${some(r, 27, `${LETTERS}0123456789`)}`,
  shopify: (r) => `shpat_${some(r, 32, HEX)}`,
  notion: (r) => `ntn_${some(r, 46, WORDY)}`,
  linear: (r) => `lin_api_${some(r, 40, WORDY)}`,
  figma: (r) => `figd_${some(r, 40, URL_SAFE)}`,
  square: (r) => `EAAA${some(r, 60, URL_SAFE)}`,
  'hugging face': (r) => `hf_${some(r, 34, WORDY)}`,
  digitalocean: (r) => `dop_v1_${some(r, 64, HEX)}`,
  telegram: (r) => `${some(r, 10, '123456789')}:AA${some(r, 33, URL_SAFE)}`,
  discord: (r) => `M${some(r, 25, WORDY)}.${some(r, 6, WORDY)}.${some(r, 38, URL_SAFE)}`,
  atlassian: (r) => `ATATT3xFfGF0${some(r, 170, URL_SAFE)}=${some(r, 8, '0123456789ABCDEF')}`,
  jwt: (r) =>
    `${json64({ alg: 'HS256', typ: 'JWT' })}.${json64({ sub: some(r, 10), iat: 1_700_000_000 })}.${some(r, 43, URL_SAFE)}`,
  pem: (r) =>
    `-----BEGIN RSA PRIVATE KEY-----\n${[1, 2, 3].map(() => some(r, 64, BASE64)).join('\n')}\n-----END RSA PRIVATE KEY-----`,
  'azure storage': (r) =>
    `DefaultEndpointsProtocol=https;AccountName=shop${some(r, 4)};AccountKey=${some(r, 86, BASE64)}==;EndpointSuffix=core.windows.net`,
  postgres: (r) => `postgresql://app:${some(r, 12, WORDY)}@db.internal.example:5432/orders`,
  mongodb: (r) => `mongodb+srv://svc_user:${some(r, 16, WORDY)}@cluster0.${some(r, 5, HEX)}.mongodb.net/prod`,
  redis: (r) => `redis://:${some(r, 20, WORDY)}@cache.example.net:6379/0`,
  mysql: (r) => `mysql://root:${some(r, 10, WORDY)}!@10.0.3.${between(r, 2, 250)}/crm`,
  'azure sas': (r) =>
    `https://shop.blob.core.windows.net/files/a.pdf?sv=2022-11-02&st=2025-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=${some(r, 42, WORDY)}%3D`,
};

const PASSWORD_ENDS = ['!', '#7', '$2024', '_99', '&x', '?1'];

/** Told by the word beside it alone. */
export const password = (random: Random): string =>
  pick(
    [
      `${pick(['Winter', 'Sommer', 'tiger', 'Blue', 'hunter', 'Liverpool'], random)}${some(random, 3)}${pick(PASSWORD_ENDS, random)}`,
      `${some(random, 4, LETTERS.toLowerCase())}-${some(random, 4, WORDY)}-${some(random, 4)}`,
      `${some(random, 11, WORDY)}${pick(PASSWORD_ENDS, random)}`,
    ],
    random,
  );

export const issued = (random: Random): string => pick(Object.values(ISSUED), random)(random);
