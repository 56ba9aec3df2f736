import { problem, type ProblemError } from '../errors/problem-error.ts';

/** Shorter keys are refused: anyone who sees a seal could guess them. */
export const MIN_KEY_BYTES = 32;
/** An id is part of each seal, between two dots. */
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Parses keys by their ids, in base64. Throws SEAL_KEY_INVALID, which names the place and the id but nothing of a key;
 * `place` is where the keys are stored, such as `Secret walm-system/walm-seal-key`.
 */
export function readKeyRing(entries: Readonly<Record<string, unknown>>, place: string): Map<string, Uint8Array> {
  const ring = new Map<string, Uint8Array>();
  for (const [kid, coded] of Object.entries(entries)) {
    if (!KID.test(kid)) {
      throw invalid(place, 'the id of a key has other characters than letters, digits, "_" and "-", or more than 64');
    }
    const key = typeof coded === 'string' && BASE64.test(coded.trim()) ? Buffer.from(coded.trim(), 'base64') : null;
    if (key === null || key.length < MIN_KEY_BYTES) {
      throw invalid(place, `the key ${kid} is not base64 of at least ${MIN_KEY_BYTES} bytes`);
    }
    ring.set(kid, new Uint8Array(key));
  }
  if (ring.size === 0) {
    throw invalid(place, 'there is no key in it');
  }
  return ring;
}

function invalid(place: string, why: string): ProblemError {
  return problem('SEAL_KEY_INVALID', `the seal keys in ${place} cannot be used: ${why}`, { place });
}
