/** Signs for one purpose with the newest key, and verifies with all of them. A signature is one word in base64url. */
export type SealSigner = {
  /** Id of the newest key: letters, digits, `_` and `-`. */
  kid: string;
  sign(text: string): string;
  check(kid: string, text: string, signature: string): 'right' | 'wrong' | 'unknown key';
};
