/** Made-up values are valid by somebody else's reading of the rules, or the bench would ask for what nobody can find. */
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { keccak256 } from '../../../eval/privacy/values/keccak.ts';
import { MADE_KINDS } from '../../../eval/privacy/values/kinds.ts';
import { seeded } from '../../../eval/reading/random.ts';
import { STRUCTURED_KINDS } from '../../../src/personal-kinds.ts';

interface Validator {
  validate(value: string): { isValid: boolean };
}
type Country = Readonly<Record<string, Validator>>;
const { stdnum } = createRequire(import.meta.url)('stdnum') as { stdnum: Readonly<Record<string, Country>> };

const VALIDATORS: Readonly<Record<string, readonly [country: string, number: string]>> = {
  US_SSN: ['US', 'ssn'],
  CA_SIN: ['CA', 'sin'],
  UK_NINO: ['GB', 'nino'],
  ES_NIF: ['ES', 'dni'],
  ES_NIE: ['ES', 'nie'],
  IT_FISCAL_CODE: ['IT', 'codicefiscale'],
  IT_VAT_CODE: ['IT', 'iva'],
  PL_PESEL: ['PL', 'pesel'],
  FR_NIR: ['FR', 'nir'],
  SE_PERSONNUMMER: ['SE', 'personnummer'],
  SE_ORGANISATIONSNUMMER: ['SE', 'orgnr'],
  FI_PERSONAL_IDENTITY_CODE: ['FI', 'hetu'],
  NL_BSN: ['NL', 'bsn'],
  TR_NATIONAL_ID: ['TR', 'tckimlik'],
  DE_TAX_ID: ['DE', 'idnr'],
  DE_SOCIAL_SECURITY: ['DE', 'svnr'],
  DE_VAT_ID: ['DE', 'vat'],
  IN_AADHAAR: ['IN', 'aadhaar'],
  IN_PAN: ['IN', 'pan'],
  IN_VOTER: ['IN', 'epic'],
  IN_GSTIN: ['IN', 'gstin'],
  AU_TFN: ['AU', 'tfn'],
  AU_ABN: ['AU', 'abn'],
  AU_ACN: ['AU', 'acn'],
  SG_UEN: ['SG', 'uen'],
  KR_RRN: ['KR', 'rrn'],
  KR_BRN: ['KR', 'brn'],
  TH_TNIN: ['TH', 'idnr'],
  CN_RESIDENT_ID: ['CN', 'ric'],
  BR_CPF: ['BR', 'cpf'],
  ZA_ID_NUMBER: ['ZA', 'idnr'],
};

test.each(Object.entries(VALIDATORS))('%s', (kind, [country, number]) => {
  const made = MADE_KINDS.find((each) => each.kind === kind);
  const random = seeded(`test ${kind}`);
  const values = Array.from({ length: 100 }, () => made?.value(random) ?? '');
  expect(values.filter((value) => stdnum[country]?.[number]?.validate(value).isValid !== true)).toEqual([]);
});

test('every structured kind is made', () => {
  const made = new Set<string>(MADE_KINDS.map(({ kind }) => kind));
  expect(STRUCTURED_KINDS.filter((kind) => !made.has(kind))).toEqual([]);
});

test('the same seed gives the same values', () => {
  const draw = () => MADE_KINDS.map(({ value }) => value(seeded('same')));
  expect(draw()).toEqual(draw());
});

test.each([
  ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
])('Keccak-256 of “%s”, as published', (text, hash) => {
  expect(keccak256(Buffer.from(text)).toString('hex')).toBe(hash);
});
