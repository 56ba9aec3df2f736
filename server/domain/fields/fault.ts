/** One place in a document that cannot be used. */
export interface Fault {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly message: string;
}
