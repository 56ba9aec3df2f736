import { asObject } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { MIN_KEY_BYTES, readKeyRing } from '../../../domain/seals/key-ring.ts';
import { problem, ProblemError } from '../../../domain/errors/problem-error.ts';
import { type Clock, timestamp } from '../../../ports/runtime/clock.ts';
import type { SealKeys } from '../../../ports/storage/seal-keys.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { keySecretPath, makeKeySecret } from './key-secret.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { problemOf } from '../client/problem-of.ts';

/** Name of the Secret in Walm's own namespace. */
const SEAL_KEY_SECRET = 'walm-seal-key';

/** `secret` returns this many cryptographically random bytes. */
export type KubeSealKeysDeps = {
  kube: Pick<KubeApi, 'get' | 'create'>;
  namespace: string;
  clock: Pick<Clock, 'now'>;
  secret: (bytes: number) => Buffer;
};

/** Keys in a Secret of Walm's own namespace, one entry each; of replicas that start together the first creates it. */
export function createKubeSealKeys({ kube, namespace, clock, secret }: KubeSealKeysDeps): SealKeys {
  const path = keySecretPath(namespace, SEAL_KEY_SECRET);

  /** If the Secret disappears later, it was removed: a new key in its place would invalidate every seal. */
  let wasRead = false;

  async function find(): Promise<KubeObject> {
    try {
      return await kube.get(path);
    } catch (error) {
      if (hasStatus(error, 404) && !wasRead) {
        return makeKeySecret(kube, namespace, SEAL_KEY_SECRET, {
          [newKid(clock)]: secret(MIN_KEY_BYTES).toString('base64'),
        });
      }
      if (hasStatus(error, 404)) {
        throw problem(
          'SEAL_KEY_INVALID',
          `the Secret ${namespace}/${SEAL_KEY_SECRET} with the seal keys is gone: restore it; when Walm starts without, it makes another key`,
        );
      }
      throw error;
    }
  }

  return {
    async read() {
      try {
        const { data } = await find();
        const ring = readKeyRing(asObject(data), `Secret ${namespace}/${SEAL_KEY_SECRET}`);
        wasRead = true;
        return ring;
      } catch (error) {
        throw error instanceof ProblemError
          ? error
          : problemOf(error, { kind: 'Secret', namespace, name: SEAL_KEY_SECRET });
      }
    },
  };
}

/** Ids sort in the order in which their keys were created: `2026-11-29T15-00-00Z`. */
function newKid(clock: Pick<Clock, 'now'>): string {
  return timestamp(clock).replace(/\.\d+/, '').replaceAll(':', '-');
}
