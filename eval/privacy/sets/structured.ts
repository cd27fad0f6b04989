/** Strongly marked values of every structured kind: a word says what the value is, or its own form and check do. */
import { pick, type Random } from '../../reading/random.ts';
import { filled, type Row, type SetOfRows } from '../row.ts';
import { LANGUAGES, type Language, type MadeKind } from '../values/kind.ts';
import { MADE_KINDS } from '../values/kinds.ts';
import { drawn } from './draw.ts';
import { DOCUMENTS, type Frame, PLAIN, SENTENCES } from './frames.ts';

const SENTENCES_EACH = 24;
const PLAIN_EACH = 6;

/**
 * The strongly marked values, so many rows of each kind.
 * @param draw other numbers give other rows of the same kinds
 */
export function structuredSet(draw: number): SetOfRows {
  return {
    name: 'structured',
    about: 'A word, a field or the value itself says what it is.',
    aim: 'hide',
    rows: MADE_KINDS.flatMap((made) => rowsOf(made, draw)),
  };
}

function rowsOf(made: MadeKind, draw: number): Row[] {
  const random = drawn(`structured ${made.kind} ${made.fields[0]}`, draw);
  const languages = LANGUAGES.filter((language) => made.words[language] !== undefined);
  const sentences = Array.from({ length: SENTENCES_EACH }, (_, at) => {
    const language = languages[at % languages.length] ?? 'en';
    const frames = SENTENCES[language];
    return rowIn(
      made,
      frames[Math.floor(at / languages.length + random() * 3) % frames.length],
      language,
      random,
    );
  });
  const documents = DOCUMENTS.map((frame) =>
    rowIn(made, frame, languages.includes('en') ? 'en' : 'de', random),
  );
  const plain = made.isPlain === true ? PLAIN_EACH : 0;
  return [
    ...sentences,
    ...documents,
    ...Array.from({ length: plain }, (_, at) => rowIn(made, PLAIN[at % PLAIN.length], 'en', random)),
  ];
}

export function rowIn(made: MadeKind, frame: Frame | undefined, language: Language, random: Random): Row {
  if (frame === undefined) throw new Error('There is no such frame.');
  const value = made.value(random);
  const fills = {
    label: pick(made.words[language] ?? ['number'], random),
    field: pick(made.fields, random),
    value: {
      text: frame.name.startsWith('JSON') ? JSON.stringify(value).slice(1, -1) : value,
      kind: made.kind,
    },
  };
  return { class: made.kind, frame: frame.name, ...filled(frame.text, fills) };
}
