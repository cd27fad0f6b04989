/** Reads a labels file in JSON Lines into a draft: `{"text": "…", "label": "…"}`, label null for out of scope. */
import type { Draft } from './labels-draft.ts';

export function readJsonLines(source: string, draft: Draft): void {
  source.split('\n').forEach((row, index) => {
    const at = { line: index + 1, column: 1 };
    if (row.trim() === '') return;
    const value = parse(row);
    if (value === undefined) {
      draft.problem(at, 'This line is not valid JSON.');
    } else if (typeof value !== 'object' || value === null || !('text' in value) || !('label' in value)) {
      draft.problem(at, 'Each line must be an object with "text" and "label".');
    } else if (typeof value.text !== 'string') {
      draft.problem(at, '"text" must be a string.');
    } else if (value.label === null) {
      draft.addExample(value.text, null, at);
    } else if (typeof value.label !== 'string') {
      draft.problem(at, '"label" must be a string, or null for a message that is out of scope.');
    } else {
      draft.addName(value.label, at);
      draft.addExample(value.text, value.label, at);
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
