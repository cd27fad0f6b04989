/** Tokens that stand beside the vocabulary, `[MASK]` say: found in a text before anything else cuts it. */

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  /** Takes the white space before it along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Found in the normalized text, as its own normalized self; else in the text as it came. */
  readonly normalized: boolean;
}

const SPACE = /\p{White_Space}/u;

/** A finder of tokens: gives a text's parts in their order, texts and, for the tokens, ids. The longest token counts. */
export function addedTokens(tokens: readonly AddedToken[]): (text: string) => readonly (string | number)[] {
  if (tokens.some((token) => token.single_word || token.rstrip)) {
    throw new Error('Added tokens with `single_word` or `rstrip` are not supported.');
  }
  const byContent = new Map(
    tokens.filter(({ content }) => content !== '').map((token) => [token.content, token]),
  );
  if (byContent.size === 0) return (text) => [text];
  const longestFirst = Array.from(byContent.keys()).sort((one, other) => other.length - one.length);
  const any = new RegExp(longestFirst.map(literal).join('|'), 'g');

  return (text) => {
    const parts: (string | number)[] = [];
    let from = 0;
    for (const { 0: content, index } of text.matchAll(any)) {
      const token = byContent.get(content);
      if (token === undefined) continue;
      let start = index;
      while (token.lstrip && start > from && SPACE.test(text.charAt(start - 1))) start -= 1;
      if (start > from) parts.push(text.slice(from, start));
      parts.push(token.id);
      from = index + content.length;
    }
    if (from < text.length) parts.push(text.slice(from));
    return parts;
  };
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
