/** Messages as people type them: slips of the keyboard, missing words, other case, greetings. Seeded. */

const NEIGHBOURS: Readonly<Record<string, string>> = {
  q: 'w', w: 'q', e: 'w', r: 'e', t: 'r', y: 't', u: 'y', i: 'u', o: 'i', p: 'o', a: 'q', s: 'a', d: 's',
  f: 'd', g: 'f', h: 'g', j: 'h', k: 'j', l: 'k', z: 'x', x: 'z', c: 'x', v: 'c', b: 'v', n: 'b', m: 'n',
}; // biome-ignore format: a row of the keyboard is a row here
const GREETINGS = [
  'hi, ',
  'hello ',
  'hey ',
  'please ',
  'hi there, ',
  'good morning, ',
  'um ',
  'so ',
  'ok so ',
];
const ENDINGS = [' please', ' thanks', ' thank you', ' asap', '!', ' pls', ' can you help', '??'];
/** Shorter words are left out now and then, never misspelt. */
const LETTERS_MIN = 4;
const WORDS_MIN_TO_DROP = 5;

/** Numbers from 0 up to 1 (the linear congruential generator of Numerical Recipes). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function noisy(text: string, random: () => number): string {
  const pick = (count: number): number => Math.floor(random() * count);
  const words = text.split(' ');
  const slips = 1 + pick(Math.max(1, Math.floor(words.length / 5)));
  for (let slip = 0; slip < slips; slip += 1) {
    const at = pick(words.length);
    const word = words[at] as string;
    if (word.length >= LETTERS_MIN) words[at] = misspelt(word, pick);
    else if (random() < 0.3 && words.length >= WORDS_MIN_TO_DROP) words.splice(at, 1);
  }
  let result = cased(words.join(' '), random);
  if (random() < 0.15) result = GREETINGS[pick(GREETINGS.length)] + result;
  if (random() < 0.15) result += ENDINGS[pick(ENDINGS.length)];
  return result;
}

function misspelt(word: string, pick: (count: number) => number): string {
  const at = 1 + pick(word.length - 2);
  const [before, letter = '', after] = [word.slice(0, at), word[at], word.slice(at + 1)];
  const forms = [
    before + after,
    before + after.slice(0, 1) + letter + after.slice(1),
    before + (NEIGHBOURS[letter.toLowerCase()] ?? letter) + after,
    before + letter + letter + after,
  ];
  return forms[pick(forms.length)] as string;
}

function cased(text: string, random: () => number): string {
  const chance = random();
  if (chance < 0.2) return text.toLowerCase();
  if (chance < 0.5) return text.slice(0, 1).toUpperCase() + text.slice(1) + (random() < 0.5 ? '.' : '?');
  return text;
}
