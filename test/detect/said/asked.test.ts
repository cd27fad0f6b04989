import { expect, test } from '@jest/globals';
import { createDetect } from '../../../src/detect/detect.ts';

const detect = createDetect();
const found = async (...said: readonly string[]): Promise<string[]> => {
  const messages = said.map((content, at) => ({ role: at % 2 === 0 ? 'assistant' : 'user', content }));
  const { leaves, findings } = await detect({ messages });
  return findings.map(({ leaf, start, end, kind }) => `${kind} ${leaves[leaf]?.text.slice(start, end)}`);
};

test.each([
  ['What is your date of birth?', '12 April 1985', 'DATE_OF_BIRTH 12 April 1985'],
  [
    'Thanks! May I have your medical record number? It is on the letter.',
    'sure: 4471882',
    'MEDICAL_RECORD_NUMBER 4471882',
  ],
  ['Wie lautet Ihr Geburtsdatum?', '12.04.1985', 'DATE_OF_BIRTH 12.04.1985'],
  ['And what is the password?', 'kestrel-Harbour7', 'SECRET kestrel-Harbour7'],
])('what a question asks for is what the answer is: %s', async (question, answer, expected) => {
  expect(await found(question, answer)).toEqual([expected]);
});

test('in the parts of a message as well', async () => {
  const messages = [
    { role: 'assistant', content: 'What is your date of birth?' },
    { role: 'user', content: [{ type: 'text', text: '12 April 1985' }] },
  ];
  expect((await detect({ messages })).kinds).toEqual({ DATE_OF_BIRTH: 1 });
});

test.each([
  ['When was the parcel sent?', '12 April 1985'],
  [
    'What is your date of birth? We need it for the form. You can also leave it out, and go on to the next page.',
    'on 12 April 2024',
  ],
  ['Your date of birth is on the card.', '12 April 1985'],
])('what was not asked for is not found: %s', async (question, answer) => {
  expect(await found(question, answer)).toEqual([]);
});

test('a question is asked once', async () => {
  expect(
    await found('What is your date of birth?', 'why?', 'For the form.', '12 April 2024 it will be sent'),
  ).toEqual([]);
});

test('a long message is read by itself', async () => {
  const long = `${'I am not sure that you should have it at all. '.repeat(6)}The meeting was on 12 April 1985.`;
  expect(await found('What is your date of birth?', long)).toEqual([]);
});
