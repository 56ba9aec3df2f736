import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tells values that a Walm of this cluster wrote under a field from everything else that may stand there. */
export type EntrySeal = {
  /** The text, which is a JSON object with at least one key, with a last key `signature`. */
  seal(field: string, text: string): string;
  /** The text as it was sealed; null when it was not sealed under this field with this key. Nothing is parsed. */
  open(field: string, sealed: string): string | null;
};

const BEFORE = ',"signature":"';
const AFTER = '"}';
/** A sha256 in base64url. */
const SIGNATURE_LENGTH = 43;
const TAIL_LENGTH = BEFORE.length + SIGNATURE_LENGTH + AFTER.length;
/** Keeps these signatures apart from what else is made with the key. */
const PURPOSE = 'walm-shared-cache';

/** `key` is the same for all replicas, and known to nobody who can only reach the cache. */
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
