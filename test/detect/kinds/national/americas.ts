/** Numbers of the Americas. */
import { checked, filled, luhnDigit, type NationalNumber, number, pick, sum, two, until } from './maker.ts';

export const AMERICAS: readonly NationalNumber[] = [
  number(
    'US_SSN',
    checked('999999999', 'us/ssn'),
    ['SSN', 'social security number'],
    'parted',
    '3-2-4',
    false,
  ),
  number(
    'US_ITIN',
    (random) => `9${two(random(100))}${50 + random(16)}${filled(random, '9999')}`,
    ['ITIN', 'taxpayer identification number'],
    'parted',
    '3-2-4',
    false,
  ),
  number(
    'US_NPI',
    (random) => {
      const digits = `${1 + random(2)}${filled(random, '99999999')}`;
      return `${digits}${luhnDigit(`80840${digits}`)}`;
    },
    ['NPI', 'National Provider Identifier'],
    'never',
  ),
  number(
    'US_MBI',
    (random) => {
      const letter = (): string => pick(random, 'ACDEFGHJKMNPQRTUVWXY');
      const either = (): string => pick(random, '0123456789ACDEFGHJKMNPQRTUVWXY');
      return `${filled(random, '1')}${letter()}${either()}${random(10)}${letter()}${either()}${random(10)}${letter()}${letter()}${filled(random, '99')}`;
    },
    ['MBI', 'Medicare number'],
    'always',
    '4-3-4',
    false,
  ),
  number(
    'MEDICAL_LICENSE',
    (random) => {
      const digits = filled(random, '999999');
      return `${pick(random, 'ABFGMPR')}${filled(random, 'A')}${digits}${sum(digits, [1, 2, 1, 2, 1, 2]) % 10}`;
    },
    ['DEA number', 'DEA registration'],
    'always',
  ),
  number(
    'ABA_ROUTING_NUMBER',
    (random) =>
      until(
        () => `${pick(random, '0123')}${filled(random, '19999999')}`,
        (digits) =>
          sum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 &&
          /^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2])/.test(digits),
      ),
    ['routing number', 'ABA'],
    'never',
  ),
  number('CA_SIN', checked('199999999', 'ca/sin'), ['SIN', 'social insurance number'], 'never', '3 3 3'),
  number('BR_CPF', checked('99999999999', 'br/cpf'), ['CPF', 'CPF do cliente'], 'always', '3.3.3-2'),
];
