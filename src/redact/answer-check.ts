/**
 * Looks for personal data that a cloud model itself brings back: counted for the record, and masked if the policy says
 * so. It works on what the provider sent, before values are put back, so nothing that it finds is the request's own.
 */
import { asTiergateError } from '../errors.ts';
import type { EntityKind, JsonObject, KindCounts, OwnMatch, PersonalRules } from '../shapes.ts';
import { ChangingChunks } from './changing-chunks.ts';
import { changedWhole } from './changing-whole.ts';
import { MaskedText, ReportedText } from './checked-text.ts';
import type { StartText } from './growing-text.ts';
import type { Vault } from './vault.ts';

export class AnswerCheck {
  readonly #start: StartText;
  readonly #counts = new Map<EntityKind, number>();

  /**
   * @param find finds personal data in a text, by the rules of the request: sorted, no two overlap
   * @param vault of the request: its placeholders are no findings
   * @param answers `mask` also puts the kind in the place of what is found
   */
  constructor(find: (text: string) => readonly OwnMatch[], vault: Vault, answers: PersonalRules['answers']) {
    const onFound = (kind: EntityKind): void => {
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    };
    const search = { find, vault, onFound };
    this.#start = (notation) =>
      answers === 'mask' ? new MaskedText(search, notation) : new ReportedText(search);
  }

  /** How much was found of each kind, as far as the answer has come. */
  get counts(): KindCounts {
    return Object.fromEntries(this.#counts);
  }

  /** @throws TiergateError restore_failed */
  completion(completion: JsonObject): JsonObject {
    return guarded(() => changedWhole(completion, this.#start));
  }

  /**
   * A stream as it flows. Where findings are masked, a chunk waits while its end may be a value that goes on.
   * @throws TiergateError restore_failed
   */
  async *chunks(chunks: AsyncIterable<JsonObject>): AsyncGenerator<JsonObject, void, undefined> {
    const changing = new ChangingChunks(this.#start);
    for await (const chunk of chunks) yield* guarded(() => changing.next(chunk));
    yield* guarded(() => changing.end());
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw asTiergateError(thrown, 'restore_failed');
  }
}
