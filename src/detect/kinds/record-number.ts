/** Numbers without a check of their own, told by the words beside them: medical records and passports. */
import { type Match, type StructuredFamily, type Subject, spansOf } from '../subject.ts';

interface Kind {
  readonly kind: 'MEDICAL_RECORD_NUMBER' | 'PASSPORT';
  readonly words: RegExp;
  readonly pattern: RegExp;
  readonly digitsMin: number;
}

const KINDS: readonly Kind[] = [
  {
    kind: 'MEDICAL_RECORD_NUMBER',
    words:
      /(?<![\p{Script=Latin}\p{Script=Cyrillic}])(?:mrn|m\.r\.n|(?:medical|health|clinical|hospital|patient)(?:'s)? (?:record|chart|file|case|registration)|(?:patient|hospital|chart|ehr|emr)(?:'s)?[ _-]?(?:id|no|nr|num|number|#|identifier)|patientennummer|patienten-?id|krankenakte|fallnummer|dossier m[ée]dical|num[ée]ro de (?:patient|dossier)|historia cl[ií]nica|n[uú]mero de (?:paciente|historia)|cartella clinica|prontu[áa]rio|patiëntnummer|numer pacjenta|journalnummer|номер карты|мед(?:ицинская|\.) карт)|病历号|病歷號|患者番号|カルテ番号|등록번호/iu,
    pattern:
      /(?<![0-9A-Za-z])(?:[A-Za-z]{1,5}[-_ ]?)?\d[0-9A-Za-z]*(?:[-/.][0-9A-Za-z]+){0,4}(?![0-9A-Za-z])/g,
    digitsMin: 4,
  },
  {
    kind: 'PASSPORT',
    words:
      /(?<![\p{Script=Latin}\p{Script=Cyrillic}])(?:passport|reisepass|pass-?n(?:r|ummer)|passeport|pasaporte|passaporto|passaporte|paspoort|paszport|pas+nummer|passi(?:n numero)?|pasaport|паспорт|hộ chiếu)|护照|護照|旅券|パスポート|여권|जवाज़|पासपोर्ट|جواز/iu,
    pattern: /(?<![0-9A-Za-z])(?:[A-Za-z]{1,3} ?)?\d[0-9A-Za-z]{5,9}(?![0-9A-Za-z-])/g,
    digitsMin: 5,
  },
];

const LENGTH_MIN = 5;
/** A UUID is a record's number too. */
const LENGTH_MAX = 40;

export const recordNumber: StructuredFamily = {
  name: 'record number',
  kinds: KINDS.map(({ kind }) => kind),
  find: (subject) => (subject.digits < 4 ? [] : KINDS.flatMap((row) => findKind(subject, row))),
};

function findKind(subject: Subject, { kind, words, pattern, digitsMin }: Kind): Match[] {
  const matches: Match[] = [];
  let saidUntil = Number.NEGATIVE_INFINITY;
  for (const { 0: found, index, end } of spansOf(pattern, subject.text)) {
    const start = index + wordBefore(found);
    const value = subject.text.slice(start, end);
    if (value.length < LENGTH_MIN || value.length > LENGTH_MAX || isDateShaped(value)) continue;
    if ((value.match(/\d/g)?.length ?? 0) < digitsMin) continue;
    if (!subject.lists(saidUntil, start) && !subject.says(words, start, end, true)) continue;
    saidUntil = end;
    matches.push({ start, end, kind, score: 0.85 });
  }
  return matches;
}

/** "is 1234567" and "no 1234567": a short word before a space is not part of the number, unless it is in capitals. */
function wordBefore(found: string): number {
  return /^(?:[a-z]\w*|NO|ID|NR|IS|MRN) /.exec(found)?.[0].length ?? 0;
}

/** A visit's date, or the years of a treatment, are not the number. */
const isDateShaped = (value: string): boolean =>
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(?:19|20)\d\d[-/](?:19|20)\d\d)$/.test(
    value,
  );
