/** One text of `tiergate redact`: searched and redacted as the text of a request is. */
import type { Detect } from '../detect/detect.ts';
import { TiergateError } from '../errors.ts';
import { createRedact } from '../redact/redact.ts';
import { redactToShow, type Shown } from '../redact/redaction.ts';
import type { PersonalRules } from '../shapes.ts';

/** A text as it would leave, and what was found in it, with offsets in the text as it came. */
export interface RedactedText {
  readonly text: string;
  readonly findings: readonly Shown[];
}
export type RedactText = (text: string) => Promise<RedactedText>;

/** All texts of a run are one conversation. Each is a document of its own: what is found in one is not sought in others. */
export function createRedactText(
  detect: Detect,
  { secret, ...about }: { readonly rules: PersonalRules; readonly tenant: string; readonly secret: string },
): RedactText {
  const redact = createRedact({ secret });
  return async (text) => {
    const document = { text };
    const detection = await detect(document, about.rules);
    const searched = { ...about, document, detection, conversation: 'redact', requestId: 'redact' };
    const redaction = redactToShow(redact, searched);
    return { text: String(redaction.document.text), findings: redaction.findings };
  };
}

/** What is wrong with a text that cannot be searched. @throws Error, with the place, for what is not the text's fault */
export function problemOf(thrown: unknown, place: string): string {
  if (thrown instanceof TiergateError && thrown.row.blame === 'caller') return thrown.message;
  throw new Error(`${place}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
    cause: thrown,
  });
}

/** An input that cannot be read at all, or not to its end. The message says which. */
export class UnreadableInput extends Error {}

/** Where text comes from. */
export interface Input {
  readonly name: string;
  readonly from: AsyncIterable<Uint8Array>;
  /** A person types it, and wants an answer to each line. */
  readonly isTyped?: boolean;
}

/** 0: all was read. 3: a line or a file could not be. (1: the tool itself failed; a rejection.) */
export type RedactExit = 0 | 3;
