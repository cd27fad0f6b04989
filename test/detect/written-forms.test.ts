/** The forms in which people, files and programs write a value, and what stands around it. */
import { describe, expect, test } from '@jest/globals';
import { findStructured } from '../../src/detect/structured.ts';

const found = (text: string): string[] =>
  findStructured(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

describe('a value is found however it is parted and whatever stands around it', () => {
  test.each([
    'CREDIT_CARD 4111  1111  1111  1111',
    'CREDIT_CARD 4111 - 1111 - 1111 - 1111',
    'CREDIT_CARD 4111 1111\n1111 1111',
    'CREDIT_CARD 2200000000000004',
    'IBAN_CODE DE89  3704  0044  0532  0130  00',
    'IBAN_CODE DE89.3704.0044.0532.0130.00',
    'IBAN_CODE DE89 3704 0044\n0532 0130 00',
    'IBAN_CODE LV97HABA0012345678910',
    'UK_NINO AB-12-34-56-C',
    'UK_NINO AB 123 456 C',
  ])('%j', (finding) => {
    const value = finding.slice(finding.indexOf(' ') + 1);
    expect(found(`it is ${value}.`)).toEqual([finding]);
  });

  test.each([
    ['in a row of comma-separated values', '1001,536-90-4399,2024', 'US_SSN 536-90-4399'],
    ['in a row of comma-separated values', '7,030 901820,12', 'PHONE_NUMBER 030 901820'],
    ['in a row of comma-separated values', '7,4111111111111111,12', 'CREDIT_CARD 4111111111111111'],
    ['in italics', '_+49 30 901820_', 'PHONE_NUMBER +49 30 901820'],
    ['in italics', '_TFN: 123456782_', 'AU_TFN 123456782'],
    ['after a number', 'since 2019 +49 30 901820', 'PHONE_NUMBER +49 30 901820'],
    ['in a numbered list', '2) 020 7946 0958', 'PHONE_NUMBER 020 7946 0958'],
    ['after a word and a colon', 'mac:00:1A:2B:3C:4D:5E', 'MAC_ADDRESS 00:1A:2B:3C:4D:5E'],
    ['after a word and a colon', 'addr:2001:db8::8a2e:370:7334', 'IP_ADDRESS 2001:db8::8a2e:370:7334'],
    ['with a word after another script', '我的Tel. 4155550123，谢谢', 'PHONE_NUMBER 4155550123'],
    ['with a word after another script', '私はDOB: 12 April 1985です', 'DATE_OF_BIRTH 12 April 1985'],
    ['with dots and a word', 'my ssn: 536.90.4399', 'US_SSN 536.90.4399'],
    ['with a word', 'DOB 12APR1985', 'DATE_OF_BIRTH 12APR1985'],
    ['with a word', 'born 1985-Apr-12', 'DATE_OF_BIRTH 1985-Apr-12'],
    ['with a word', 'birthday: June, 18 1985', 'DATE_OF_BIRTH June, 18 1985'],
    ['with a word', 'DOB 18061985', 'DATE_OF_BIRTH 18061985'],
    ['with a word', 'geboren op 7 mei 1985', 'DATE_OF_BIRTH 7 mei 1985'],
    [
      'that is a UUID, with a word',
      'patient id 0123abcd-0123-4123-8123-0123456789ab',
      'MEDICAL_RECORD_NUMBER 0123abcd-0123-4123-8123-0123456789ab',
    ],
  ])('%s: %s', (_what, text, finding) => {
    expect(found(text)).toEqual([finding]);
  });

  test.each([
    ['a line end', 'a\\n4111111111111111\\nb', 'CREDIT_CARD 4111111111111111'],
    ['a line end escaped twice', 'a\\\\n+49 30 901820', 'PHONE_NUMBER +49 30 901820'],
    ['a tab', 'x\\t+49 30 901820\\ty', 'PHONE_NUMBER +49 30 901820'],
    ['the sign itself', '{"to":"jane\\u0040example.org", …', 'EMAIL_ADDRESS jane\\u0040example.org'],
  ])('%s written as an escape', (_what, text, finding) => {
    expect(found(text)).toContain(finding);
  });

  test('a word goes for every value of a list, and for no number beside it', () => {
    const many = Array.from({ length: 40 }, (_, i) => String(1_234_567 + i * 1_000));
    for (const list of [many.join(', '), many.join('\n'), many.join(' and '), many.join(' | ')]) {
      expect(found(`MRNs: ${list}`)).toHaveLength(40);
      expect(found(`Please call ${list}`)).toHaveLength(40);
      expect(found(`passports: ${list}`)).toHaveLength(40);
    }
    const days = Array.from({ length: 28 }, (_, i) => `${i + 1}.3.1985`);
    expect(found(`born ${days.join(', ')}`)).toHaveLength(28);
    const numbers = Array.from({ length: 28 }, (_, i) => `5369043${10 + i}`);
    expect(found(`SSNs ${numbers.join(', ')}`)).toHaveLength(28);
  });
});
