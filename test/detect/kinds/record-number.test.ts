/** Passports, licences, accounts and medical records: told by words alone, so that without one nothing is found. */
import { describe, expect, test } from '@jest/globals';
import { recordNumber } from '../../../src/detect/kinds/record-number.ts';
import { Subject } from '../../../src/detect/subject.ts';

const found = (text: string, path: readonly string[] = []): string[] =>
  recordNumber
    .find(new Subject(text, path))
    .map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

test('the machine-readable lines of a passport are hidden as a whole', () => {
  const lines = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10';
  expect(found(`Scan:\n${lines}\n`)).toEqual([`PASSPORT ${lines}`]);
});

describe('a word tells', () => {
  test.each([
    ['passport no. C01X00T47', 'PASSPORT C01X00T47'],
    ['my US passport is 536904399', 'US_PASSPORT 536904399'],
    ['British passport: 925076473', 'UK_PASSPORT 925076473'],
    ['Spanish passport AAA123456', 'ES_PASSPORT AAA123456'],
    ['numero di passaporto: YA1234567', 'IT_PASSPORT YA1234567'],
    ['Reisepassnummer C01X00T478', 'DE_PASSPORT C01X00T478'],
    ['Indian passport J8369854', 'IN_PASSPORT J8369854'],
    ['여권번호 M12345678', 'KR_PASSPORT M12345678'],
    ["driver's license number D1234567", 'US_DRIVER_LICENSE D1234567'],
    ['Driver License: F255-921-50-094-0', 'US_DRIVER_LICENSE F255-921-50-094-0'],
    ['DL# S123 4567 8901', 'US_DRIVER_LICENSE S123 4567 8901'],
    ['D1234567 is my license number', 'US_DRIVER_LICENSE D1234567'],
    ['permis de conduire 12AB34567', 'US_DRIVER_LICENSE 12AB34567'],
    ['(CDL 8668034)', 'US_DRIVER_LICENSE 8668034'],
    ['"license number":"D1234567"', 'US_DRIVER_LICENSE D1234567'],
    ['account number 000123456789', 'US_BANK_NUMBER 000123456789'],
    ['Acct. 1234 5678 90', 'US_BANK_NUMBER 1234 5678 90'],
    ['my checking account is 12345678', 'US_BANK_NUMBER 12345678'],
    ['savings account: 1234567890 - can you check it?', 'US_BANK_NUMBER 1234567890'],
    ['Mitt pass är AB1234567, tack', 'PASSPORT AB1234567'],
    ['yeogwon=M12345678', 'KR_PASSPORT M12345678'],
    ['MRN: A-1234-56', 'MEDICAL_RECORD_NUMBER A-1234-56'],
  ])('%s', (text, finding) => {
    expect(found(text)).toContain(finding);
  });

  test.each([
    ['passport_number', 'X1234567', 'PASSPORT X1234567'],
    ['driversLicense', 'A1234567', 'US_DRIVER_LICENSE A1234567'],
    ['bankAccountNumber', '12345678', 'US_BANK_NUMBER 12345678'],
    ['patient_id', '123456', 'MEDICAL_RECORD_NUMBER 123456'],
  ])('and so does a field’s name: %s', (key, text, finding) => {
    expect(found(text, [key])).toContain(finding);
  });
});

test.each([
  'X1234567 and 536904399 and D1234567',
  'passport control takes 45 minutes, gate B12, flight LH 1234 on 12.04.2024',
  'driver version 535.129.03, license MIT 2024, GPL-3.0-or-later',
  'my account is locked since 2024, see page 404',
  'bank holiday on 26.12.2024',
  'patients 12 to 45, chart 3 of 7',
  'all tests pass: 123456 of 123456, boarding pass AB1234567',
])('nothing else does: %s', (text) => {
  expect(found(text)).toEqual([]);
});
