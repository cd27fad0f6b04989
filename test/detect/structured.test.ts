import { describe, expect, test } from '@jest/globals';
import { containsPersonal, FAMILIES, findStructured } from '../../src/detect/structured.ts';
import { Subject } from '../../src/detect/subject.ts';
import type { Step } from '../../src/shapes.ts';

const found = (text: string, path: readonly Step[] = []): string[] =>
  findStructured(text, path).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
const kinds = (text: string): string[] => findStructured(text).map(({ kind }) => kind);

describe('a number with a check', () => {
  // Each with the words or separators that its kind asks for; the digit to change is the last but the check itself.
  test.each([
    ['CREDIT_CARD', '', '4111 1111 1111 1111'],
    ['CREDIT_CARD', '', '5555-5555-5555-4444'],
    ['CREDIT_CARD', '', '378282246310005'],
    ['CREDIT_CARD', '', '6011111111111117'],
    ['CREDIT_CARD', '', '30569309025904'],
    ['CREDIT_CARD', '', '3530111333300000'],
    ['IBAN_CODE', '', 'DE89 3704 0044 0532 0130 00'],
    ['IBAN_CODE', '', 'GB29NWBK60161331926819'],
    ['IBAN_CODE', '', 'FR14 2004 1010 0505 0001 3M02 606'],
    ['UK_NHS', 'NHS number ', '943 476 5919'],
    ['ES_NIF', '', '12345678Z'],
    ['ES_NIE', '', 'X1234567L'],
    ['IT_FISCAL_CODE', '', 'RSSMRA85T10A562S'],
    ['PL_PESEL', '', '44051401359'],
    ['DE_TAX_ID', 'Steuer-ID: ', '86095742719'],
    ['FR_NIR', '', '1 85 05 78 006 084 91'],
    ['SE_PERSONNUMMER', '', '811218-9876'],
    ['FI_PERSONAL_IDENTITY_CODE', '', '131052-308T'],
    ['IN_AADHAAR', '', '2341 2341 2346'],
    ['AU_TFN', 'my TFN is ', '123 456 782'],
    ['SG_NRIC_FIN', '', 'S1234567D'],
  ])('%s is found, and not with one digit off: %s%s', (kind, words, value) => {
    expect(found(`${words}${value}, thank you`)).toEqual([`${kind} ${value}`]);
    const at = value.search(/\d(?!.*\d)/);
    const off = value.slice(0, at) + ((Number(value[at]) + 1) % 10) + value.slice(at + 1);
    expect(kinds(`${words}${off}, thank you`)).not.toContain(kind);
  });

  test.each([
    ['US_SSN', '536-90-4399', '666-90-4399'],
    ['US_SSN', '536-90-4399', '536-00-4399'],
    ['US_SSN', 'social security number 536904399', '536904399'],
    ['US_ITIN', '912-70-1234', '912-10-1234'],
    ['UK_NINO', 'AB 12 34 56 C', 'BG 12 34 56 C'],
    ['IN_PAN', 'ABCPE1234F', 'ABCXE1234F'],
  ])('%s follows its rules: %s, not %s', (kind, valid, invalid) => {
    expect(kinds(valid)).toEqual([kind]);
    expect(kinds(invalid)).not.toContain(kind);
  });
});

describe('a value with a form of its own', () => {
  test.each([
    ['EMAIL_ADDRESS', "bob.o'neil+x@mail.example.co.uk"],
    ['EMAIL_ADDRESS', 'mañana@correo.example'],
    ['EMAIL_ADDRESS', '用户@例子.公司'],
    ['PHONE_NUMBER', '+49 30 901820'],
    ['PHONE_NUMBER', '(212) 555-0123'],
    ['PHONE_NUMBER', '212-555-0123'],
    ['PHONE_NUMBER', '0049 30 901820'],
    ['PHONE_NUMBER', '06 12 34 56 78'],
    ['PHONE_NUMBER', '020 7946 0958'],
    ['IP_ADDRESS', '203.0.113.77'],
    ['IP_ADDRESS', '2001:db8::8a2e:370:7334'],
    ['MAC_ADDRESS', '00:1A:2B:3C:4D:5E'],
    ['URL', 'https://anna:s3cret@files.example.org/x?y=1'],
    ['SECRET', 'postgres://shop:pw@db.example:5432/orders'],
    ['SECRET', 'AKIAIOSFODNN7EXAMPLE'],
    ['SECRET', 'sk-proj-abcdEFGH1234abcdEFGH1234'],
    ['SECRET', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
    ['SECRET', 'xoxb-123456789012-abcdefghij'],
    ['SECRET', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N'],
    ['SECRET', '-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----'],
  ])('%s: %s', (kind, value) => {
    expect(found(`so: ${value} (mine)`)).toEqual([`${kind} ${value}`]);
  });

  test('is not a version because the word before it ends like one', () => {
    expect(found('the server 203.0.113.77 is down')).toEqual(['IP_ADDRESS 203.0.113.77']);
  });

  test('in a query string is hidden alone', () => {
    expect(found('see https://shop.example/x?page=2&token=abc123def&email=bob%40example.org#top')).toEqual([
      'SECRET abc123def',
      'EMAIL_ADDRESS bob%40example.org',
    ]);
  });
});

describe('a word beside a value says what it is', () => {
  test.each([
    ['born on 12 April 1985', 'DATE_OF_BIRTH 12 April 1985'],
    ['DOB: 04/12/1985', 'DATE_OF_BIRTH 04/12/1985'],
    ['geboren am 12.4.1985', 'DATE_OF_BIRTH 12.4.1985'],
    ['née le 3 mars 1990', 'DATE_OF_BIRTH 3 mars 1990'],
    ['生年月日は1985年4月12日', 'DATE_OF_BIRTH 1985年4月12日'],
    ['1985-04-12 (date of birth)', 'DATE_OF_BIRTH 1985-04-12'],
    ['MRN 12345678', 'MEDICAL_RECORD_NUMBER 12345678'],
    ['patient id: AB-123456', 'MEDICAL_RECORD_NUMBER AB-123456'],
    ['Patientennummer 4711-0815', 'MEDICAL_RECORD_NUMBER 4711-0815'],
    ['passport no. C01X00T47', 'PASSPORT C01X00T47'],
    ['mein Reisepass: A12345678', 'PASSPORT A12345678'],
    ['phone number 4155550123', 'PHONE_NUMBER 4155550123'],
    ['电话13812345678请回', 'PHONE_NUMBER 13812345678'],
    ['my password is hunter2!', 'SECRET hunter2'],
    ['Passwort: sommer', 'SECRET sommer'],
    ['DB_PASSWORD="p@ss w0rd"', 'SECRET p@ss w0rd'],
    ['my PIN is 4821', 'SECRET 4821'],
    ['exp 04/29, CVV 669', 'SECRET 669'],
    ['api_key=9f8e7d6c5b4a', 'SECRET 9f8e7d6c5b4a'],
    ['Authorization: Bearer abcdef0123456789', 'SECRET abcdef0123456789'],
  ])('%s', (text, finding) => {
    expect(found(text)).toEqual([finding]);
  });

  test.each([
    [['user', 'dateOfBirth'], '1985-04-12', 'DATE_OF_BIRTH 1985-04-12'],
    [['customer', 'dob'], '19850412', 'DATE_OF_BIRTH 19850412'],
    [['patient', 'mrn'], '12345678', 'MEDICAL_RECORD_NUMBER 12345678'],
    [['phone'], '4155550123', 'PHONE_NUMBER 4155550123'],
    [['db', 'password'], 'hunter', 'SECRET hunter'],
    [['ssn'], '536904399', 'US_SSN 536904399'],
  ])('or its key: %j', (path, text, finding) => {
    expect(found(text, path)).toEqual([finding]);
  });

  test('a schema that only speaks of a password holds none', () => {
    const schema = {
      properties: { password: { type: 'string', description: 'The password, at least 8 characters.' } },
      required: ['password'],
      max_tokens: 4096,
    };
    expect(containsPersonal(schema)).toBe(false);
  });
});

describe('what a reader does not see hides nothing', () => {
  test.each([
    ['zero-width characters', '4111\u200b1111\u20601111\ufeff1111'],
    ['no-break spaces', '4111\u00a01111\u202f1111\u20071111'],
    ['other hyphens', '4111\u20111111\u20131111\u22121111'],
    ['full-width digits', '４１１１１１１１１１１１１１１１'],
    ['Arabic digits', '٤١١١١١١١١١١١١١١١'],
    ['a character that stands for a value found already', '4111\ufdd01111\ufdd011111111'],
  ])('%s', (_what, card) => {
    expect(found(`card ${card}.`)).toEqual([`CREDIT_CARD ${card}`]);
  });
});

test.each([
  'Where is my order 1029384756? It should have come on 2024-05-06 at 10:30.',
  'Order #4421-8837-12 and invoice INV-2024-000123, total $1,234.56',
  'Tracking 1Z999AA10123456784 says delivered, ticket 88213377.',
  'We need version 10.2.3.4 of the driver, or v2.14.0-rc.1',
  'Your case number is 20240506-1234567, please keep it.',
  'I paid 1.299,00 EUR for 2 x 3 pieces, size 42-44, 50% off',
  'SKU 0012345678905, EAN 4006381333931, 120 x 60 x 75 cm',
  'The meeting was from 09:00 to 17:30 on 12/04/2024 in room 3.14',
  'password: "the one that you chose, at least eight characters" and pin 12 of 40, PIN code 110001',
  'My password is wrong and I cannot log in. How do I reset my password?',
  'I forgot the secret question. The token expired yesterday.',
  'std::vector a::b, 12:30:45, ::1, 127.0.0.1, 255.255.255.0',
  'See https://shop.example/products/12345?color=red&size=42&page=2',
  'Delivery between 1 800 and 2 000 items, 2023/2024 season, 100-200 days',
  'commit 3f2a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a, id 550e8400-e29b-41d4-a716-446655440000',
  'contact us about order 12345678 or ref. 123-456-7890',
  '@support please, or #42, 3@5 for $9',
  'call_1234567890 chatcmpl-1234567890',
  'Born to run, album of 1975. My birthday is soon!',
  '[2026-01-07T17:59:07.244706191-07:00] INFO worker 64210 took 9545 ms',
  'trace 9a2266e8-011a-4854-8160-879322a320ff 1751219e-d14c-448c-8934-d6695b17f29f be10379b-0233-4994-a22e-4734ba1fa65b',
  '592.62 440.594 452.5780849 449.199',
  'M50.99 87.30c-0.08 1-54 79-253 941',
  'pid=77625 tid=008420454182 took 915182us',
  'GET https://shop.example/x?token=....&email=... in the docs, /y://x?token={token}&email=<email>',
])('an ordinary message holds nothing personal: %s', (text) => {
  expect(found(text)).toEqual([]);
});

describe('the egress guard', () => {
  test('sees personal data anywhere in a body', () => {
    expect(containsPersonal({ a: [{ b: '{"c":["x","jane@example.org"]}' }] })).toBe(true);
    expect(containsPersonal({ 'jane@example.org': 1 })).toBe(true);
    expect(containsPersonal({ n: 4111111111111111 })).toBe(true);
  });

  test('takes placeholders for what they are', () => {
    const text =
      'password: SECRET_012BCD345 MRN MEDICAL_RECORD_NUMBER_012BCD345 dob: DATE_OF_BIRTH_2_198BCD041';
    expect(containsPersonal({ text, password: 'SECRET_012BCD345' })).toBe(false);
  });
});

describe('the work grows with the length of the text, not faster', () => {
  const CHARS = 50_000;
  const UNITS = [
    ...[
      '1',
      'a',
      '1 ',
      '@',
      'a@',
      'a@a.',
      '::',
      'a:',
      '://',
      'http://a:b',
      '?token=',
      'password ',
      'password: ',
    ],
    ...[
      '-----BEGIN ',
      'eyJa.',
      'sk-',
      '+1 ',
      '(1) ',
      '4111 1111 ',
      'born 1/1/',
      'MRN 12345 ',
      'A1',
      'DE89 3704 ',
    ],
    ...[
      '\u200b1',
      '[',
      '{"a":',
      '12345678-',
      'ABCDEF ',
      'call 1234567 ',
      'api_key ',
      'passport 1234567 ',
      'ff:',
      'ab: ',
      '1  1 - ',
      'AB1 ',
      'DE89  ',
      '12345, ',
      'MRN, ',
      '1.1 ',
      '\\\\n1',
    ],
  ];
  test.each(FAMILIES.map((family) => [family.name, family] as const))('%s', (_name, family) => {
    const msFor = (unit: string, chars: number): number => {
      const subject = new Subject(unit.repeat(Math.ceil(chars / unit.length)));
      const begun = performance.now();
      family.find(subject);
      return performance.now() - begun;
    };
    for (const unit of UNITS) {
      msFor(unit, 1000);
      const once = Math.min(msFor(unit, CHARS), msFor(unit, CHARS));
      const fourfold = Math.min(msFor(unit, 4 * CHARS), msFor(unit, 4 * CHARS));
      // Quadratic work would be sixteenfold. The constant keeps the noise of short times out.
      expect({ unit, isLinear: fourfold < 10 * once + 50 }).toEqual({ unit, isLinear: true });
    }
  });
});
