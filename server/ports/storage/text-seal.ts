/** Seals texts for one purpose: tells what a Walm of this cluster wrote from what somebody else did. */
export interface TextSeal {
  /** @throws ProblemError while the keys cannot be read */
  seal(text: string): Promise<string>;
  /** Null where the seal is of exactly this text; otherwise why it does not count. Throws like `seal`. */
  whyUnsealed(text: string, seal: string): Promise<string | null>;
}
