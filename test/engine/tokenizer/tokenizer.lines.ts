/**
 * Lines to hold a tokenizer against its reference: many scripts, and everything that a normalizer can get wrong. The same
 * number always gives the same lines.
 */

/** A sentence or a few words of a language, as somebody may write to a help desk. */
const SENTENCES = [
  'Where is my order? I ordered it three weeks ago and it still has not arrived.',
  'Please cancel my subscription and refund the last payment; thank you very much!',
  'I can\'t log in: the app says "unknown error" - what\'s going on?',
  'Wo bleibt meine Bestellung? Die Straßenbahn fährt über die Brücke, größer als üblich. GRÜẞE AUS ÖSTERREICH',
  'Où est ma commande ? L’été dernier, j’ai payé à l’avance : ça coûte déjà trop cher, cœur sœur Œuvre ÇA',
  '¿Dónde está mi pedido? El niño comió piñas mañana. ¡Qué vergüenza! CORAZÓN',
  'Onde está a minha encomenda? Não recebi a devolução, ações, coração, pão, à tarde',
  'Dov’è il mio ordine? Perché non è arrivato? Città, virtù, però così',
  'Kde je moje objednávka? Příliš žluťoučký kůň úpěl ďábelské ódy',
  'Gdzie jest moje zamówienie? Zażółć gęślą jaźń ŁÓDŹ',
  'Hol van a rendelésem? Árvíztűrő tükörfúrógép ŐŰ',
  'Unde este comanda mea? Țara și ştiinţa, învățământ',
  'Siparişim nerede? İSTANBUL IĞDIR ıslak İyi günler, çocuğun şöyle',
  'Đơn hàng của tôi ở đâu? Tiếng Việt có nhiều dấu thanh, ưởng ễ ậ ự',
  'Hvar er pöntunin mín? Þetta er ágætt, ðað Æðey',
  'Var är min beställning? Ångström räksmörgås Hvor er pakken? Ærlig talt, smørrebrød',
  'Missä tilaukseni on? Hääyöaie lämmin yö',
  'Kur yra mano užsakymas? Žąsys šoka ėjo Kur ir mans pasūtījums? Ķēniņš ļoti',
  'Где мой заказ? Ёжик съел подъезд. СПАСИБО БОЛЬШОЕ, ещё йод',
  'Де моє замовлення? Її їжак ґанок, прізвище. Къде е поръчката ми? ЈА љубав ђак',
  'Πού είναι η παραγγελία μου; ΟΔΥΣΣΕΥΣ ὁ Ἀχιλλεὺς ΐ ΰ ᾳ ῼ ΣΊΣΥΦΟΣ σίσυφος',
  'Որտե՞ղ է իմ պատվերը։ Հայաստան և ԵՒ',
  'სად არის ჩემი შეკვეთა? საქართველო ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ',
  'איפה ההזמנה שלי? שָׁלוֹם עֲלֵיכֶם בְּרֵאשִׁית ״צה״ל״',
  'أين طلبي؟ السَّلَامُ عَلَيْكُمْ ۞ لا إله، ٣٫١٤ ﷺ ﻻ ـــ',
  'سفارش من کجاست؟ می‌خواهم کتاب‌ها را ۱۲۳ میرا آرڈر کہاں ہے؟',
  'मेरा ऑर्डर कहाँ है? नमस्ते, क्षत्रिय ज्ञान हिन्दी में श्रीमान १२३',
  'আমার অর্ডার কোথায়? বাংলা ভাষা ড় ঢ় য় ৎ কো ਮੇਰਾ ਆਰਡਰ ਕਿੱਥੇ ਹੈ? ਸ਼ ਖ਼',
  'મારો ઓર્ડર ક્યાં છે? என் ஆர்டர் எங்கே? தமிழ் கொ நௌ నా ఆర్డర్ ఎక్కడ?',
  'ನನ್ನ ಆರ್ಡರ್ ಎಲ್ಲಿದೆ? ಕೋ എന്റെ ഓർഡർ എവിടെ? മലയാളം මගේ ඇණවුම කෝ? ශ්‍රී ලංකා',
  'คำสั่งซื้อของฉันอยู่ที่ไหน กำลังน้ำใจ ผู้ใหญ่ ๑๒๓ ຄໍາສັ່ງຂອງຂ້ອຍຢູ່ໃສ',
  'ကျွန်ုပ်၏ အမှာစာ ဘယ်မှာလဲ။ ការបញ្ជាទិញរបស់ខ្ញុំនៅឯណា? བཀྲ་ཤིས་བདེ་ལེགས།',
  '我的订单在哪里？三个星期了，還沒有收到！「龍龜」—— 价格￥１２．５０',
  '注文はどこですか？ガギグゲゴ ｶﾞｷﾞ パピプ がぎ ー々〆 株式会社㈱ ㍿ ①',
  '내 주문은 어디에 있나요? 각 값 뷁 한국어 ㄱㄴ',
  '𠮷野家 𪚥 𫝀 𰻞 丽 塚 ⼀ ⺠ 〇',
  'ትዕዛዜ የት ነው? ሰላም። ᎣᏏᏲ Ꭳ ꭰ ᐃᓄᒃᑎᑐᑦ ᠮᠣᠩᠭᠣᠯ ⵜⴰⵎⴰⵣⵉⵖⵜ',
  '𝐇𝐞𝐥𝐥𝐨 𝒲𝑜𝓇𝓁𝒹 𝔉𝔯𝔞𝔨𝔱𝔲𝔯 Ｆｕｌｌｗｉｄｔｈ ℌ ℝ ⓐⓑⓒ ᴴᴵ ₁₂ ½ ¾ Ⅷ ⅻ №',
  '𐐀𐐨 𐌰𐌱 𓀀𓂀 𒀀𒁀 𑀓𑀺 𞤀𞤢 ꙮ Ꙁ ⲀⲂ ⴀⴁ',
  'const total = items.reduce((sum, { price }) => sum + price * 1.19, 0); // ¢ents',
  "SELECT * FROM `users` WHERE id<>42 AND name LIKE '%o''brien%';\tif(x!=null&&y>=1){x+=1;}",
  '#include <stdio.h>\nint main(void) { return printf("%d\\n", 0x1F) == -1 ? EXIT_FAILURE : 0; }',
  'def f(x: int) -> str:\n    return f"{x:>08b}"  # __init__ lambda_ kw=None',
  '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"h\\u00e9llo\\n"}],"stream":true}',
  'https://www.example.com/a/b-c_d?q=%E4%BD%A0&x=1#top mailto:jane.doe+spam@mail.example.co.uk ftp://10.0.0.1:8080/',
  'IBAN DE89 3704 0044 0532 0130 00, card 4111-1111-1111-1111, tel. +49 (0)30 123456, 2024-02-29T23:59:60Z',
  '1,234,567.89 3.14159e-10 0xDEADBEEF 1/2 50% $5 €7 £9 ¥3 ₹2 ₿1 ±0 −1 10⁻³ 20°C 5′10″',
];

const WORDS = SENTENCES.flatMap((sentence) => sentence.split(/\s+/));
const SYLLABLES =
  'un re dis aff ab le ing ed ly ness tion er est ous ize al anti bio graph y s x q zz th'.split(' ');
const SPECIAL =
  '[CLS] [SEP] [MASK] [UNK] [PAD] [mask] [MASK [ MASK] [[SEP]] ##ing ## <s> </s> <mask> <unk> <pad> <|endoftext|> <|padding|>'.split(
    ' ',
  );
const CASES =
  'İ I ı i ẞ ß ſ Σ ς σ \u212a k \u212b å ǅ Ǆ ﬁ ﬄ ŉ ǰ ΐ և ẖ ẗ ᾳ ᾼ Ω ω Ꭰ ꭰ Ა Ⴀ Ꙋ ᲀ Ꞌ Ɡ \u2126'.split(' ');
const EMOJI = '😀 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 🇺🇳🇩 1️⃣ #️⃣ ❤️ ❤ ☎︎ ™️ 🧑🏿‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🫠 🪿 ♀ ⚧ ‼ ⁉️ 🅰 🈁 ㊗️ ⌚ ➡️ 👩‍ 🏽'.split(' ');
/** Characters that separate, vanish or only look as if: ASCII controls, C1, Unicode spaces, joiners, directions, marks of the kind. */
const INVISIBLE = Array.from(
  '\t\n\v\f\r\0\u0001\u0007\u001b\u001c\u001f\u007f\u0080\u0085\u009f\u00a0\u00ad\u034f\u0600\u061c\u06dd\u070f\u08e2\u115f\u1160\u1680\u17b4\u180b\u180e\u2000\u2003\u2007\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u202f\u205f\u2060\u2064\u2066\u2581\u2069\u206f\u2800\u3000\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\ufffb\ufffc\ufffd\ufffe\uffff\u{110bd}\u{1bca0}\u{1d173}\u{e0001}\u{e0020}\u{e007f}\u{e0100}\u{f0000}\u{10ffff}',
);
/** First and last code point of ranges, by what they try. */
const RANGES = {
  punctuation: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
    [0xa1, 0xbf],
    [0x2010, 0x205e],
    [0x20a0, 0x20c1],
    [0x2190, 0x23ff],
    [0x2500, 0x27bf],
    [0x2e00, 0x2e7f],
    [0x3001, 0x303f],
    [0xfe10, 0xfe6b],
    [0xff01, 0xff65],
    [0x10100, 0x10102],
    [0x1f100, 0x1f2ff],
  ],
  marks: [
    [0x300, 0x36f],
    [0x300, 0x345],
    [0x483, 0x489],
    [0x591, 0x5c7],
    [0x610, 0x61a],
    [0x64b, 0x65f],
    [0x900, 0x903],
    [0x93a, 0x94f],
    [0x9bc, 0x9d7],
    [0xe31, 0xe4e],
    [0xf71, 0xf84],
    [0x1ab0, 0x1ace],
    [0x1dc0, 0x1dff],
    [0x20d0, 0x20f0],
    [0x302a, 0x309a],
    [0xfe20, 0xfe2f],
    [0x1d165, 0x1d1ad],
    [0x1e000, 0x1e02a],
    [0x1e8d0, 0x1e8d6],
  ],
  letters: [
    [0x41, 0x7a],
    [0xc0, 0x24f],
    [0x250, 0x2ff],
    [0x370, 0x52f],
    [0x10a0, 0x10ff],
    [0x13a0, 0x13fd],
    [0x1c80, 0x1cbf],
    [0x1e00, 0x1fff],
    [0x2100, 0x218b],
    [0x2c00, 0x2dff],
    [0xa640, 0xa69f],
    [0xa720, 0xa7ff],
    [0xab30, 0xabbf],
    [0xfb00, 0xfb4f],
    [0xff21, 0xff5a],
    [0x10400, 0x1044f],
    [0x104b0, 0x104fb],
    [0x1d400, 0x1d7ff],
    [0x1e900, 0x1e943],
  ],
  digits: [
    [0x30, 0x39],
    [0xb2, 0xb9],
    [0x660, 0x669],
    [0x966, 0x96f],
    [0xe50, 0xe59],
    [0x2070, 0x2089],
    [0x2150, 0x2189],
    [0x2460, 0x24ff],
    [0x3220, 0x32ff],
    [0xff10, 0xff19],
    [0x1d7ce, 0x1d7ff],
  ],
  hangul: [
    [0xac00, 0xd7a3],
    [0x1100, 0x11ff],
    [0x1100, 0x1112],
    [0x1161, 0x1175],
    [0x11a8, 0x11c2],
    [0x3131, 0x318e],
    [0xa960, 0xa97c],
    [0xd7b0, 0xd7fb],
    [0xffa1, 0xffdc],
  ],
  han: [
    [0x4e00, 0x9fff],
    [0x3400, 0x4dbf],
    [0x20000, 0x2a6df],
    [0x2a700, 0x2ceaf],
    [0x2b810, 0x2b930],
    [0xf900, 0xfaff],
    [0x2f800, 0x2fa1f],
    [0x30000, 0x323af],
    [0x2e80, 0x2fd5],
    [0x3040, 0x30ff],
    [0x3200, 0x33ff],
  ],
  indic: [
    [0x900, 0xdff],
    [0x1000, 0x109f],
    [0x1780, 0x17f9],
    [0xe00, 0xfff],
    [0xa840, 0xaaff],
    [0x11000, 0x11fff],
  ],
  basic: [[0x0, 0xffff]],
  any: [[0x0, 0x10ffff]],
  supplementary: [
    [0x10000, 0x1ffff],
    [0xe0000, 0xe01ef],
    [0x10000, 0x10ffff],
  ],
} satisfies Record<string, [number, number][]>;
const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'];

/** Every code point of the first two planes stands once after a letter, a digit and a mark, this many in a line. */
const SWEEP_END = 0x20000;
const SWEEP_A_LINE = 32;

/** Whole numbers from 0 to `below` (exclusive), always the same: Marsaglia's xorshift (J. Stat. Soft. 8, 2003). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** `count` lines, all well-formed UTF-16; with 100,000 of them everything above is tried in every way below. */
export function varietyOfLines(count: number, seed = 20_240_229): string[] {
  const random = randomNumbers(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const repeat = (most: number, make: () => string, separator = '') =>
    Array.from({ length: 1 + random(most) }, make).join(separator);
  const point = (ranges: readonly (readonly number[])[]) => {
    const [first, last] = pick(ranges) as [number, number];
    return String.fromCodePoint(first + random(last - first + 1));
  };
  const of = (name: keyof typeof RANGES) => () => point(RANGES[name]);
  const word = () => pick(WORDS);
  const space = () => (random(4) > 0 ? ' ' : pick(INVISIBLE));
  const glued = (part: () => string) => () => repeat(12, () => part() + (random(3) > 0 ? '' : space()));

  const kinds: (() => string)[] = [
    () => pick(SENTENCES),
    () => repeat(16, word, ' '),
    () => repeat(16, () => word() + space()),
    () => pick(SENTENCES).normalize(pick(FORMS)),
    () => repeat(8, () => (random(2) > 0 ? word().toUpperCase() : word().toLowerCase()), ' '),
    () => Array.from(pick(SENTENCES), (char) => (random(8) > 0 ? char : pick(CASES))).join(''),
    () =>
      Array.from(pick(SENTENCES), (char) => (random(6) > 0 ? char : char + repeat(3, of('marks')))).join(''),
    () => Array.from(word() + word(), (char) => (random(6) > 0 ? char : char + pick(INVISIBLE))).join(''),
    // Cut anywhere, between the halves of a surrogate pair as well.
    () =>
      pick(SENTENCES).slice(random(20), -1 - random(20)) +
      String.fromCharCode(0xd800 + random(0x800)) +
      word(),
    () => repeat(30, () => word().charAt(random(3)) + pick(['', '\ud83d', '\udc4d', 'x'])),
    () => repeat(12, () => repeat(6, () => pick(SYLLABLES)), ' '),
    // Around the 100 characters from which a word is unknown.
    () => repeat(40, () => pick(SYLLABLES)).padEnd(95 + random(10), pick(['a', '1', 'é', 'ab', '𝐇'])),
    () => repeat(400, () => pick(SYLLABLES)),
    () => repeat(20, () => word() + pick(['', '', ' ', pick(SPECIAL)])),
    () => repeat(6, () => pick(SPECIAL), pick(['', ' ', 'a', '\t '])),
    glued(() => pick(EMOJI)),
    () => repeat(6, () => word() + pick(EMOJI)),
    () => repeat(12, () => pick(CASES) + (random(2) > 0 ? '' : word())),
    () => repeat(20, () => pick(INVISIBLE) + (random(2) > 0 ? '' : word())),
    () => repeat(8, () => word() + repeat(4, of('punctuation')), ' '),
    () => repeat(10, () => repeat(5, of('letters')) + repeat(3, of('marks')), ' '),
    () => repeat(6, () => repeat(20, of('digits')) + pick(['.', ',', '', 'th', '%']), ' '),
    ...(Object.keys(RANGES) as (keyof typeof RANGES)[]).map((name) => glued(of(name))),
    ...(Object.keys(RANGES) as (keyof typeof RANGES)[]).map(
      (name) => () => repeat(8, () => word() + of(name)()),
    ),
  ];
  let swept = 0;
  const sweep = () =>
    Array.from({ length: SWEEP_A_LINE }, () => {
      const char = String.fromCodePoint(swept++);
      return `a${char}1${char}!${char}`;
    }).join(' ');
  return Array.from({ length: count }, () => (swept < SWEEP_END ? sweep() : pick(kinds)()).toWellFormed());
}
