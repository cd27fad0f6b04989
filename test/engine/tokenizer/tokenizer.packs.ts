/**
 * Small tokenizers of the kinds that RoBERTa, ModernBERT and XLM-R have, learned from lines: not good ones, but files of the
 * same form whose every part is used.
 */

/** Most code points of a piece, merges learned, and how often at least a piece must stand in the lines. */
const PIECE_CHARS_MAX = 6;
const MERGES = 500;
const PIECE_COUNT_MIN = 3;

const added = (id: number, content: string, options: object = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...options,
});
const template = (before: [string, number], after: [string, number]) => ({
  type: 'TemplateProcessing',
  single: [
    { SpecialToken: { id: before[0], type_id: 0 } },
    { Sequence: { id: 'A', type_id: 0 } },
    { SpecialToken: { id: after[0], type_id: 0 } },
  ],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: Object.fromEntries(
    [before, after].map(([content, id]) => [content, { id: content, ids: [id], tokens: [content] }]),
  ),
});
const pack = (parts: object) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  decoder: null,
  ...parts,
});

/** Tokenizers as JSON, by what they are like. */
export function learnPacks(lines: readonly string[]) {
  const merges = [...learnMerges(lines), ...acrossKinds()];
  return {
    'like BERT, cased': casedBertLike(lines),
    'like RoBERTa': robertaLike(merges),
    'like ModernBERT': modernBertLike(merges),
    'like XLM-R': xlmRobertaLike(lines),
  };
}

function casedBertLike(lines: readonly string[]): object {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const counts = countPieces(lines.flatMap((line) => line.match(/[^\s\p{P}]+/gu) ?? []));
  const pieces = [...counts].filter(([, count]) => count >= PIECE_COUNT_MIN).map(([piece]) => piece);
  const vocab = [...special, ...pieces, ...pieces.map((piece) => `##${piece}`)];
  return pack({
    added_tokens: [
      ...special.map((content, id) => added(id, content)),
      added(vocab.length, 'Où est', { normalized: true, special: false }),
    ],
    // Takes accents off and leaves capitals: not what cased models do, but each step by itself.
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: false,
      strip_accents: true,
      lowercase: false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 60,
      vocab: Object.fromEntries(vocab.map((piece, id) => [piece, id])),
    },
  });
}

type Merge = readonly [left: string, right: string];

function robertaLike(merges: readonly Merge[]): object {
  const special = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
  return pack({
    added_tokens: special.map((content, id) =>
      added(id, content, content === '<mask>' ? { lstrip: true } : { normalized: true }),
    ),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['</s>', 2],
      cls: ['<s>', 0],
      trim_offsets: true,
      add_prefix_space: false,
    },
    // The older form of merges: one text each.
    model: { ...bytePairModel(special, merges), merges: merges.map((merge) => merge.join(' ')) },
  });
}

function modernBertLike(merges: readonly Merge[]): object {
  const special = ['<|padding|>', '<|endoftext|>', '[UNK]', '[CLS]', '[SEP]', '[PAD]', '[MASK]'];
  const model = bytePairModel(special, merges);
  const size = Object.keys(model.vocab).length;
  return pack({
    added_tokens: [
      ...special.map((content, id) => added(id, content, { lstrip: content === '[MASK]' })),
      ...[2, 3, 4, 8, 24].map((spaces, index) =>
        added(size + index, ' '.repeat(spaces), { normalized: true, special: false }),
      ),
    ],
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: template(['[CLS]', 3], ['[SEP]', 4]),
    model,
  });
}

function xlmRobertaLike(lines: readonly string[]): object {
  const special = ['<s>', '<pad>', '</s>', '<unk>'];
  const words = lines.flatMap((line) => line.split(/\s+/));
  const counts = countPieces(words.map((word) => `▁${word.normalize('NFKC')}`));
  const pieces = [...counts].filter(([piece, count]) => count >= PIECE_COUNT_MIN && !special.includes(piece));
  const total = pieces.reduce((sum, [, count]) => sum + count, 0);
  const scored = pieces.map(([piece, count]) => [piece, Math.log(count / total)] as const);
  return pack({
    added_tokens: [
      ...special.map((content, id) => added(id, content)),
      added(special.length + scored.length, '<mask>', { lstrip: true }),
    ],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Precompiled', precompiled_charsmap: compileCharsmap(charsmapRules()) },
        { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'WhitespaceSplit' },
        { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
      ],
    },
    post_processor: template(['<s>', 0], ['</s>', 2]),
    model: { type: 'Unigram', unk_id: 3, vocab: [...special.map((piece) => [piece, 0] as const), ...scored] },
  });
}

/** How often each part of the words stands there. */
function countPieces(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) {
    const chars = Array.from(word);
    for (let start = 0; start < chars.length; start += 1) {
      for (let end = start + 1; end <= Math.min(chars.length, start + PIECE_CHARS_MAX); end += 1) {
        const piece = chars.slice(start, end).join('');
        counts.set(piece, (counts.get(piece) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function bytePairModel(special: readonly string[], merges: readonly Merge[]) {
  const pieces = new Set([...special, ...byteLetters(), ...merges.map((merge) => merge.join(''))]);
  return { type: 'BPE', vocab: Object.fromEntries([...pieces].map((piece, id) => [piece, id])), merges };
}

/** Learns merges as Sennrich et al. 2016 do: again and again the most frequent pair. */
function learnMerges(lines: readonly string[]): Merge[] {
  const letters = byteLetters();
  const words = new Set(lines.flatMap((line) => line.match(/ ?\S+/g) ?? []));
  const cuts = Array.from(words, (word) => Array.from(Buffer.from(word), (byte) => letters[byte]!));
  return Array.from({ length: MERGES }, () => {
    const counts = new Map<string, number>();
    for (const cut of cuts) {
      for (let at = 1; at < cut.length; at += 1) {
        const pair = `${cut[at - 1]} ${cut[at]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const [pair] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
    const [left = '', right = ''] = pair.split(' ');
    for (const cut of cuts) {
      for (let at = 1; at < cut.length; at += 1) {
        if (cut[at - 1] === left && cut[at] === right) cut.splice(at - 1, 2, left + right);
      }
    }
    return [left, right];
  });
}

/** A letter, a digit or a mark merged with the first byte of any other character: shows where words are cut. */
function acrossKinds(): Merge[] {
  const firstBytes = byteLetters().slice(0xc2, 0xf5);
  return Array.from('a1!').flatMap((char) => firstBytes.map((byte): Merge => [char, byte]));
}

/** GPT-2's letters for bytes. */
function byteLetters(): string[] {
  const printing = /[!-~¡-¬®-ÿ]/;
  const latin = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
  const others = latin.filter((letter) => !printing.test(letter));
  return latin.map((letter) =>
    printing.test(letter) ? letter : String.fromCharCode(256 + others.indexOf(letter)),
  );
}

/** Rules like SentencePiece's nmt_nfkc, of fewer characters: those that NFKC changes, spaces, characters to drop, marks on letters. */
function charsmapRules(): Map<string, string> {
  const rules = new Map<string, string>();
  const ranges = [
    [0xa0, 0x17f],
    [0x1c4, 0x1cc],
    [0x2002, 0x2063],
    [0x2100, 0x2130],
    [0x2460, 0x2473],
    [0x3131, 0x3140],
    [0xf900, 0xf910],
    [0xfb00, 0xfb06],
    [0xff01, 0xff9f],
    [0x1d400, 0x1d40f],
    [0x2f800, 0x2f810],
  ] as const;
  for (const [first, last] of ranges) {
    for (let point = first; point <= last; point += 1) {
      const char = String.fromCodePoint(point);
      if (char.normalize('NFKC') !== char) rules.set(char, char.normalize('NFKC'));
      if (char.normalize('NFD') !== char) rules.set(char.normalize('NFD'), char.normalize('NFKC'));
    }
  }
  for (const char of '\t\n\r\u1680\u200b\u3000\ufeff') rules.set(char, ' ');
  for (const char of '\u0001\u007f\u00ad\u200e') rules.set(char, '');
  return rules;
}

/** A double array as Darts-clone has them, each node's children in 256 places of their own: simple, not small. */
function compileCharsmap(rules: ReadonlyMap<string, string>): string {
  const WIDTH = 256;
  interface Node {
    readonly children: Map<number, Node>;
    text?: string;
  }
  const root: Node = { children: new Map() };
  for (const [from, to] of rules) {
    let node = root;
    for (const byte of Buffer.from(from)) {
      const next = node.children.get(byte) ?? { children: new Map() };
      node.children.set(byte, next);
      node = next;
    }
    node.text = to;
  }
  const units: number[] = [];
  const texts: Buffer[] = [];
  let textBytes = 0;
  let blocks = 0;
  const lay = (node: Node, place: number, label: number): void => {
    blocks += 1;
    const base = WIDTH * blocks;
    units[place] = (((place ^ base) << 10) | (node.text === undefined ? 0 : 0x100) | label) >>> 0;
    if (node.text !== undefined) {
      units[base] = (0x80000000 | textBytes) >>> 0;
      texts.push(Buffer.from(`${node.text}\0`));
      textBytes += texts.at(-1)!.length;
    }
    for (const [byte, child] of node.children) lay(child, base ^ byte, byte);
  };
  lay(root, 0, 0);
  const trie = Buffer.from(
    Uint32Array.from({ length: WIDTH * (blocks + 1) }, (_, at) => units[at] ?? 0).buffer,
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(trie.length);
  return Buffer.concat([size, trie, ...texts]).toString('base64');
}
