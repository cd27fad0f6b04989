/** Whatever finds personal data in a text. */
export interface Span {
  /** UTF-16 code units of the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

export interface Tool {
  readonly name: string;
  spansOf(text: string): Promise<readonly Span[]>;
}
