import { createHmac, timingSafeEqual } from 'node:crypto';

/** Distinguishes values that Walm wrote under a field from any other content. */
export type EntrySeal = {
  /** The text, which has to be a JSON object with at least one key, with an additional last key `signature`. */
  seal(field: string, text: string): string;
  /** The text as it was sealed; null if it was not sealed under this field with this key. Nothing is parsed. */
  open(field: string, sealed: string): string | null;
};

const BEFORE = ',"signature":"';
const AFTER = '"}';
/** Length of a sha256 in base64url. */
const SIGNATURE_LENGTH = 43;
const TAIL_LENGTH = BEFORE.length + SIGNATURE_LENGTH + AFTER.length;
/** Separates these signatures from other uses of the key. */
const PURPOSE = 'walm-shared-cache';

/** `key` is the same for all replicas, and unknown to programs that can only reach Redis. */
export function createEntrySeal(key: Uint8Array): EntrySeal {
  function withSignature(field: string, body: string): string {
    const hmac = createHmac('sha256', key)
      .update(JSON.stringify([PURPOSE, field]))
      .update(body);
    return `${body}${BEFORE}${hmac.digest('base64url')}${AFTER}`;
  }

  return {
    seal: (field, text) => withSignature(field, text.slice(0, -1)),
    open(field, sealed) {
      const body = sealed.slice(0, -TAIL_LENGTH);
      const [given, right] = [Buffer.from(sealed), Buffer.from(withSignature(field, body))];
      return given.length === right.length && timingSafeEqual(given, right) ? `${body}}` : null;
    },
  };
}
