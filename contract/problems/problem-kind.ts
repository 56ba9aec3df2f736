/** One kind of error that Walm can answer with. */
export interface ProblemKind {
  /** HTTP status of the answer. */
  readonly status: number;
  /** What went wrong, without the particulars. */
  readonly title: string;
  /** True when the same request, sent again later and unchanged, may succeed. */
  readonly retryable: boolean;
  /** What the caller can do about it. */
  readonly remedy: string;
}
