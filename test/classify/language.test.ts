import { expect, test } from '@jest/globals';
import { languageOf } from '../../src/classify/language.ts';

test.each([
  ['Where can I see when my parcel will arrive?', 'en'],
  ['Ich möchte den Artikel zurückgeben, er ist kaputt.', 'de'],
  ['Vorrei restituire le scarpe che ho comprato', 'it'],
  ['Quero cancelar a minha encomenda, por favor', 'pt'],
  ['我的订单在哪里', 'zh'],
  ['注文はどこですか', 'ja'],
  ['order 77120-B for https://shop.example/a/b and me@shop.example: where is my parcel now?', 'en'],
])('%s', (text, language) => {
  expect(languageOf(text)).toBe(language);
});

test.each(['', 'ok', 'hello', 'storno bitte', '4711 / 0815', 'me@shop.example', '🙂🙂🙂'])(
  'says nothing of %j',
  (text) => {
    expect(languageOf(text)).toBe('und');
  },
);

test('takes no time over a long text without a space', () => {
  const began = performance.now();
  languageOf('a'.repeat(4_000_000));
  expect(performance.now() - began).toBeLessThan(1000);
});
