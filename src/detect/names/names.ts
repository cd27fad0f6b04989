/**
 * The detector of what only a sentence tells: names of people, places, addresses and organisations, ages, titles, user
 * names. A model reads every text; what it read before it remembers by a digest, so a long conversation that comes again
 * with each turn costs only what is new in it.
 */
import { LRUCache } from 'lru-cache';
import type { Tagger } from '../../engine/tagger.ts';
import { TiergateError } from '../../errors.ts';
import { type Finding, type Leaf, NAMED_KINDS } from '../../shapes.ts';
import type { Detector } from '../detect.ts';
import { joined } from './joining.ts';
import { type NamedSpan, readLabels, spansOf } from './spans.ts';
import { type Reading, windowsOf } from './windows.ts';
import { digestOf, FEATURES, LISTS, type Lists } from './words.ts';

export const NAMES = 'names';
/** Texts whose findings are remembered. */
const TEXTS_MAX = 20_000;
/** UTF-16 code units that one request may have read anew. */
const CHARS_MAX = 1_048_576;
const LETTERS = /\p{L}{2}|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** A name in code: no sentence, and no name of a person that the model could tell. */
const IDENTIFIER = /^[\p{Ll}_$][\p{L}\p{N}_$.-]*$/u;
/** Fields that hold whatever there is to say: their names say nothing of it. */
const ANY_TEXT =
  /^(?:content|text|input|output|value|arguments|description|body|message|prompt|data|parameters|title)$/i;

/** Makes the detector. @throws Error when the tagger has other labels or lists than this room knows */
export function createNames(tagger: Tagger): Detector {
  const table = readLabels(tagger.labels, NAMED_KINDS);
  if (tagger.features !== FEATURES)
    throw new Error('The names model was learned with other features of words.');
  const lists = listsOf(tagger.lists);
  const known = new LRUCache<string, readonly NamedSpan[]>({ max: TEXTS_MAX });

  const read = async (readings: ReadonlyMap<string, Reading>, signal?: AbortSignal): Promise<void> => {
    const windows = windowsOf([...readings.values()], tagger, lists);
    const logits = await tagger.tag(
      windows.map(({ tokens }) => tokens),
      signal,
    );
    const found = Array.from(readings, (): NamedSpan[] => []);
    let at = 0;
    for (const window of windows) {
      const end = at + window.tokens.length * tagger.labels.length;
      found[window.reading]?.push(...spansOf(window, logits.subarray(at, end), table));
      at = end;
    }
    for (const [index, [digest, { text }]] of [...readings].entries()) {
      known.set(digest, joined(text, found[index] ?? []));
    }
  };

  return {
    name: NAMES,
    kinds: table.kinds,
    async find(leaves, signal) {
      const wanted = new Map<number, string>();
      const fresh = new Map<string, Reading>();
      let chars = 0;
      for (const [index, leaf] of leaves.entries()) {
        if (!isReadable(leaf)) continue;
        const reading = { text: leaf.text, context: contextOf(leaves, index) };
        const digest = digestOf(`${reading.context}\n\n${reading.text}`);
        wanted.set(index, digest);
        if (known.has(digest) || fresh.has(digest)) continue;
        chars += leaf.text.length;
        if (chars > CHARS_MAX)
          throw new TiergateError('detect_too_much', { detail: 'text to find names in' });
        fresh.set(digest, reading);
      }
      if (fresh.size > 0) await read(fresh, signal);
      return [...wanted].flatMap(([leaf, digest]) =>
        (known.get(digest) ?? []).map((span): Finding => ({ ...span, leaf, detector: NAMES, view: 'raw' })),
      );
    },
  };
}

const isReadable = ({ role, text }: Leaf): boolean =>
  role !== 'number' && LETTERS.test(text) && !(role === 'key' && IDENTIFIER.test(text));

/** Shorter messages than this are understood by what was said before. UTF-16 code units. */
const ANSWER_CHARS_MAX = 160;
const TOLD_CHARS_MAX = 160;

/** What tells what a text is: the name of its field, or, for a short message, the end of the one before. */
function contextOf(leaves: readonly Leaf[], index: number): string {
  const leaf = leaves[index];
  if (leaf === undefined || leaf.role !== 'value') return '';
  const key = leaf.path.findLast((step): step is string => typeof step === 'string') ?? '';
  if (!ANY_TEXT.test(key)) return `${key.slice(-64).replace(/(?<=\p{Ll})(?=\p{Lu})|[_.-]+/gu, ' ')}:`;
  if (leaf.text.length > ANSWER_CHARS_MAX || key !== 'content') return '';
  for (let before = index - 1; before >= 0; before--) {
    const other = leaves[before];
    if (other?.role === 'value' && other.path.at(-1) === 'content') return other.text.slice(-TOLD_CHARS_MAX);
  }
  return '';
}

function listsOf(lists: Tagger['lists']): Lists {
  return Object.fromEntries(
    LISTS.map((name) => {
      const list = lists[name];
      if (list === undefined) throw new Error(`The tagger has no list ${name}.`);
      return [name, list];
    }),
  ) as Record<(typeof LISTS)[number], ReadonlySet<string>>;
}
