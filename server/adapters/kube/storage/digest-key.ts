import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { DigestKey } from '../../../ports/storage/digest-key.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { keySecretPath, makeKeySecret } from './key-secret.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { problemOf } from '../client/problem-of.ts';

const NAME = 'walm-digest-key';
const KEY_BYTES = 32;

/** The key in a Secret of Walm's own namespace, read once; of replicas that start together the first one creates it. */
export function createKubeDigestKey(deps: {
  kube: Pick<KubeApi, 'get' | 'create'>;
  namespace: string;
  /** Returns this many cryptographically random bytes. */
  secret: (bytes: number) => Buffer;
}): DigestKey {
  const { kube, namespace, secret } = deps;
  const path = keySecretPath(namespace, NAME);
  let known: Promise<Uint8Array> | undefined;

  async function find(): Promise<KubeObject | null> {
    try {
      return await kube.get(path);
    } catch (error) {
      if (hasStatus(error, 404)) {
        return null;
      }
      throw error;
    }
  }

  async function load(): Promise<Uint8Array> {
    try {
      const { data } =
        (await find()) ?? (await makeKeySecret(kube, namespace, NAME, { key: secret(KEY_BYTES).toString('base64') }));
      return Buffer.from(asString(asObject(data)['key']), 'base64');
    } catch (error) {
      throw problemOf(error, { kind: 'Secret', namespace, name: NAME });
    }
  }

  return {
    read() {
      known ??= load();
      known.catch(() => (known = undefined));
      return known;
    },
  };
}
