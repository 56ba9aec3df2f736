/** One kind of error that Walm can return. */
export interface ProblemKind {
  /** HTTP status of the response. */
  readonly status: number;
  /** What went wrong, without details of the case. */
  readonly title: string;
  /** True if the same request, sent again later and unchanged, may succeed. */
  readonly retryable: boolean;
  /** What the caller can do about it. */
  readonly remedy: string;
}
