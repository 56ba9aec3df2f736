/** Seals texts for one purpose: distinguishes what a Walm of this cluster wrote from anything else. */
export interface TextSeal {
  /** @throws ProblemError while the keys cannot be read */
  seal(text: string): Promise<string>;
  /** Null if the seal is of exactly this text; otherwise why it is not valid. Throws like `seal`. */
  whyUnsealed(text: string, seal: string): Promise<string | null>;
}
