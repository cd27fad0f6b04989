/** Digits as people say them. */
const WORDS = {
  en: 'zero one two three four five six seven eight nine',
  spoken: 'oh one two three four five six seven eight nine',
  de: 'null eins zwei drei vier fünf sechs sieben acht neun',
  fr: 'zéro un deux trois quatre cinq six sept huit neuf',
  es: 'cero uno dos tres cuatro cinco seis siete ocho nueve',
  it: 'zero uno due tre quattro cinque sei sette otto nove',
  pt: 'zero um dois três quatro cinco seis sete oito nove',
  nl: 'nul een twee drie vier vijf zes zeven acht negen',
  pl: 'zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć',
  sv: 'noll ett två tre fyra fem sex sju åtta nio',
  tr: 'sıfır bir iki üç dört beş altı yedi sekiz dokuz',
  ru: 'ноль один два три четыре пять шесть семь восемь девять',
} as const;

/** All digits of a text as words; `spoken` says `double five` where two stand together, and `plus`. */
export function respelled(text: string, language: keyof typeof WORDS, separator: string): string {
  const words = WORDS[language].split(' ');
  const digits = text.replace(/\D/g, '');
  const groups = language === 'spoken' ? (digits.match(/(\d)\1|\d/g) ?? []) : [...digits];
  const said = groups.map((group) => {
    const word = words[Number(group[0])] ?? '';
    return group.length === 2 ? `double ${word}` : word;
  });
  return [...(text.startsWith('+') && language === 'spoken' ? ['plus'] : []), ...said].join(separator);
}
