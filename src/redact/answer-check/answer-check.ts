/**
 * Looks for personal data that a cloud model itself brings back: counted for the record, and masked if the policy says
 * so. It works on what the provider sent, before values are put back, so nothing that it finds is the request's own.
 */
import { asTiergateError } from '../../errors.ts';
import type { EntityKind, KindCounts } from '../../personal-kinds.ts';
import type { JsonObject, OwnMatch, PersonalRules } from '../../shapes.ts';
import { inTurns } from '../../turns.ts';
import { ChangingChunks } from '../changing/changing-chunks.ts';
import { changedWhole } from '../changing/changing-whole.ts';
import type { StartText } from '../changing/growing-text.ts';
import type { Vault } from '../placeholder/vault.ts';
import { type CheckBounds, MaskedText, ReportedText, STREAM, WHOLE } from './checked-text.ts';

export class AnswerCheck {
  readonly #start: (bounds: CheckBounds) => StartText;
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
    this.#start = (bounds) => (notation) =>
      answers === 'mask' ? new MaskedText(search, bounds, notation) : new ReportedText(search, bounds);
  }

  /** How much was found of each kind, as far as the answer has come. */
  get counts(): KindCounts {
    return Object.fromEntries(this.#counts);
  }

  /** A whole answer, in pieces of work, with the other requests between. @throws TiergateError restore_failed */
  async completion(completion: JsonObject): Promise<JsonObject> {
    try {
      return await inTurns(changedWhole(completion, this.#start(WHOLE)));
    } catch (thrown) {
      throw asTiergateError(thrown, 'restore_failed');
    }
  }

  /**
   * A stream as it flows. Where findings are masked, a chunk waits while its end may be a value that goes on.
   * @throws TiergateError restore_failed
   */
  async *chunks(chunks: AsyncIterable<JsonObject>): AsyncGenerator<JsonObject, void, undefined> {
    const changing = new ChangingChunks(this.#start(STREAM));
    for await (const chunk of chunks) yield* await guarded(() => inTurns(changing.next(chunk)));
    yield* await guarded(async () => changing.end());
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asTiergateError(thrown, 'restore_failed');
  }
}
