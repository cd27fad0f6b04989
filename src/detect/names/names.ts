/**
 * The detector of what only a sentence tells: names of people, places, addresses and organisations, ages, titles, user
 * names. A model reads every text; what it read before it remembers by a digest, so a long conversation that comes again
 * with each turn costs only what is new in it.
 */
import { LRUCache } from 'lru-cache';
import type { Tagger } from '../../engine/tagger.ts';
import { TiergateError } from '../../errors.ts';
import { NAMED_KINDS } from '../../personal-kinds.ts';
import type { Finding, Leaf } from '../../shapes.ts';
import type { Detector } from '../detect.ts';
import { joined } from './joining.ts';
import { type Part, partsOf } from './reading.ts';
import { type NamedSpan, readLabels, spansOf } from './spans.ts';
import { type Reader, windowsOf } from './windows.ts';
import { digestOf, FEATURES, featureOf, LISTS, type Lists } from './words.ts';

export const NAMES = 'names';
/** Texts whose findings are remembered, and findings in all of them. */
const TEXTS_MAX = 20_000;
const SPANS_MAX = 200_000;
/** UTF-16 code units that one request may have read anew. */
const CHARS_MAX = 1_048_576;
/** Read at once: the model runs on other threads, but texts are cut into words on this one. */
const CHARS_AT_ONCE = 16_384;

/**
 * Makes the detector. Its search throws TiergateError: detect_too_much, detect_timeout; or the signal's reason.
 * @param waitMsMax longest search in one request
 * @throws Error when the tagger has other labels or lists than this room knows
 */
export function createNames(tagger: Tagger, waitMsMax: number): Detector {
  const read = readerOf(tagger);
  const known = new LRUCache<string, readonly NamedSpan[]>({
    max: TEXTS_MAX,
    maxSize: SPANS_MAX,
    sizeCalculation: (spans) => 1 + spans.length,
  });
  return {
    name: NAMES,
    kinds: NAMED_KINDS,
    async find(leaves, signal) {
      const parts = partsOf(leaves).map((part) => ({ ...part, digest: digestOf(part) }));
      // Of this request's own, so that nothing that was found can be forgotten before it is used.
      const found = new Map<string, readonly NamedSpan[]>();
      const fresh = new Map<string, Part>();
      let chars = 0;
      for (const part of parts) {
        const remembered = known.get(part.digest);
        if (remembered !== undefined) found.set(part.digest, remembered);
        else if (!fresh.has(part.digest)) {
          fresh.set(part.digest, part);
          chars += part.text.length + part.context.length;
        }
      }
      if (chars > CHARS_MAX) throw new TiergateError('detect_too_much', { detail: 'text to find names in' });
      const late = AbortSignal.timeout(waitMsMax);
      const stop = signal === undefined ? late : AbortSignal.any([signal, late]);
      for (const batch of batchesOf([...fresh])) {
        const results = await read(
          batch.map(([, part]) => part),
          stop,
        ).catch((cause: unknown) => {
          throw late.aborted ? new TiergateError('detect_timeout', { cause }) : cause;
        });
        for (const [at, [digest]] of batch.entries()) {
          known.set(digest, results[at] ?? []);
          found.set(digest, results[at] ?? []);
        }
      }
      const models = modelsOf(leaves);
      return parts.flatMap(({ leaf, at, view, text, digest }) =>
        (found.get(digest) ?? []).flatMap(({ start, end, kind, score }): Finding[] => {
          if (models.has(text.slice(start, end))) return [];
          const [from, to] = view.raw(at + start, at + end);
          return [{ leaf, start: from, end: to, kind, score, detector: NAMES, view: view.name }];
        }),
      );
    },
  };
}

/** The model that is asked for, with and without its provider: who speaks of it names nobody. */
function modelsOf(leaves: readonly Leaf[]): ReadonlySet<string> {
  const asked = leaves.find(({ role, path }) => role === 'value' && path.length === 1 && path[0] === 'model');
  return new Set(asked === undefined ? [] : [asked.text, ...asked.text.split('/')]);
}

function batchesOf(parts: readonly (readonly [string, Part])[]): (readonly [string, Part])[][] {
  const batches: (readonly [string, Part])[][] = [];
  let chars = CHARS_AT_ONCE;
  for (const entry of parts) {
    if (chars + entry[1].text.length > CHARS_AT_ONCE) {
      batches.push([]);
      chars = 0;
    }
    batches.at(-1)?.push(entry);
    chars += entry[1].text.length;
  }
  return batches;
}

function readerOf(tagger: Tagger) {
  const table = readLabels(tagger.labels, NAMED_KINDS);
  if (tagger.features !== FEATURES) {
    throw new Error('The names model was learned with other features of words.');
  }
  const reader = wordReader(tagger);
  const width = tagger.labels.length;
  return async (parts: readonly Part[], signal?: AbortSignal): Promise<NamedSpan[][]> => {
    const windows = windowsOf(parts, reader);
    if (windows.length === 0) return parts.map(() => []);
    const tokens = windows.map((window) => window.tokens);
    const logits = await tagger.tag(tokens, signal);
    const spans = parts.map((): NamedSpan[] => []);
    let read = 0;
    for (const window of windows) {
      const end = read + window.tokens.length * width;
      spans[window.reading]?.push(...spansOf(window, logits.subarray(read, end), table));
      read = end;
    }
    return parts.map(({ text }, at) => joined(text, spans[at] ?? []));
  };
}

/** Pieces of one word that are read: a key of a thousand characters is no name. */
export const PIECES_MAX = 8;
/** Words whose tokens are remembered: language is made of few. */
const WORDS_MAX = 32_768;
/** Longer words are not: V8 keeps a longer piece of a text by keeping the whole text. */
const WORD_CHARS_MAX = 12;

function wordReader({ before, after, tokensMax, pieces, token, lists: given }: Tagger): Reader {
  const lists = listsOf(given);
  const known = new LRUCache<string, readonly number[]>({ max: WORDS_MAX });
  const read = (word: string): readonly number[] => {
    const feature = featureOf(word, lists);
    return pieces(word)
      .slice(0, PIECES_MAX)
      .map((id) => token(id, feature));
  };
  const tokensOf = (word: string): readonly number[] => {
    if (word.length > WORD_CHARS_MAX) return read(word);
    const tokens = known.get(word) ?? read(word);
    known.set(word, tokens);
    return tokens;
  };
  return { before, after, tokensMax, tokensOf };
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
