/** Reads a labels file in JSON Lines into a draft: `{"text": "…", "label": "…"}`, label null for out of scope. */
import { type Draft, readLabel } from './draft.ts';

export function readJsonLines(rows: readonly string[], draft: Draft): void {
  rows.forEach((row, index) => {
    const at = { line: index + 1, column: 1 };
    if (row.trim() === '') return;
    const value = parse(row);
    if (value === undefined) {
      draft.problem(at, 'This line is not valid JSON.');
      return;
    }
    const fields = Object(value) as Record<string, unknown>;
    const { text, label, intent = label } = draft.isAllOutOfScope ? { ...fields, intent: null } : fields;
    if (text === undefined || intent === undefined) {
      draft.problem(at, 'Each line must be an object with "text" and "label" (or "intent").');
    } else if (typeof text !== 'string') {
      draft.problem(at, '"text" must be a string.');
    } else if (intent !== null && typeof intent !== 'string') {
      draft.problem(at, '"label" must be a string, or null for a message that is out of scope.');
    } else {
      draft.addRow(text, intent === null ? null : readLabel(intent), at);
    }
  });
}

function parse(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return undefined;
  }
}
