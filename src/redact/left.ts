/** What is left of replaced values in a document that is to leave. */
import { Literals } from '../literals.ts';
import type { Json, JsonObject } from '../shapes.ts';
import { NameSearch } from '../upstream/name-search.ts';
import { isRawNumber, parseJson } from '../wire/json.ts';

/**
 * Which of `values` any text of a document holds, or of a document in one of its strings.
 * @param values are found inside of longer words, too
 * @param names are found as the egress guard finds them where they stand plainly
 */
export function leftIn(
  document: Json,
  values: readonly string[],
  names: readonly string[],
): ReadonlySet<string> {
  const left = new Set<string>();
  if (values.length === 0 && names.length === 0) return left;
  const forbidden = new Literals(values);
  const search = new NameSearch(names);
  const waiting: Json[] = [document];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'object' && value !== null && !isRawNumber(value)) {
      for (const key in value) waiting.push(key, (value as JsonObject)[key] as Json);
      continue;
    }
    const text = isRawNumber(value) ? value.rawJSON : String(value);
    for (const { index } of forbidden.find(text)) left.add(values[index] ?? '');
    for (const name of search.shownIn(text)) left.add(name);
    if (/^\s*[[{"]/.test(text) && text.includes('\\')) {
      const inside = parsed(text);
      if (inside !== undefined) waiting.push(inside);
    }
  }
  return left;
}

/** Only with escapes can a document in a string hold what its own text does not show. */
function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
