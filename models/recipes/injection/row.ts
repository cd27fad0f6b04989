/** A message that the injection head learns from. */
export interface InjectionRow {
  readonly text: string;
  readonly isAttack: boolean;
  /** ISO 639-1. */
  readonly language: string;
  readonly family: string;
  /** `templates`, or the data set. */
  readonly source: string;
  /** Rows of one group look alike: they are never learned from and judged by at once. */
  readonly group: string;
}
