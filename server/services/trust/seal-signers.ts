import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { SealSigner } from '../../domain/seals/seal-signer.ts';
import type { KeyRing } from '../../ports/storage/seal-keys.ts';

/** What keys are derived for: a signature for one purpose is not valid for another. */
export type SealPurpose = 'record' | 'task';

const KEY_BYTES = 32;

/** A signer over all keys of the ring, for one purpose. */
export function createSealSigner(ring: KeyRing, purpose: SealPurpose): SealSigner {
  const keys = new Map([...ring].map(([kid, key]) => [kid, derive(key, `walm.io/seal/${purpose}/v1`)]));
  const kid = newest(ring);
  const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();

  return {
    kid,
    sign(text) {
      const key = keys.get(kid);
      if (key === undefined) {
        throw new Error('there is no seal key');
      }
      return hmac(key, text).toString('base64url');
    },
    check(made, text, signature) {
      const key = keys.get(made);
      if (key === undefined) {
        return 'unknown key';
      }
      const [right, given] = [hmac(key, text).toString('base64url'), signature].map((one) => Buffer.from(one ?? ''));
      return right !== undefined && given?.length === right.length && timingSafeEqual(right, given) ? 'right' : 'wrong';
    },
  };
}

/**
 * The key that signs copies in Redis: it changes with every added or removed seal key, so that the copies are
 * rewritten.
 */
export function sharedCacheKey(ring: KeyRing): Uint8Array {
  const whole = [...ring]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([kid, key]) => [Buffer.from(`${kid}\n`), key]);
  return derive(Buffer.concat(whole), 'walm.io/shared-cache/v1');
}

/** Distinguishes one set of keys from another without revealing them. */
export function ringId(ring: KeyRing): string {
  return Buffer.from(derive(Buffer.from(sharedCacheKey(ring)), 'walm.io/seal/ring-id/v1'))
    .toString('hex')
    .slice(0, 16);
}

function newest(ring: KeyRing): string {
  return [...ring.keys()].reduce((last, kid) => (kid > last ? kid : last), '');
}

/** HKDF (RFC 5869) with SHA-256. */
function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', purpose, KEY_BYTES));
}
