import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { resourcePath } from '../client/resource-path.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** Path of a Secret in Walm's own namespace. */
export function keySecretPath(namespace: string, name: string): string {
  return resourcePath(SECRETS, namespace, name);
}

/**
 * Creates a Secret with keys, in base64 by their ids; replicas that start together all get what the first one created.
 */
export async function makeKeySecret(
  kube: Pick<KubeApi, 'get' | 'create'>,
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<KubeObject> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'walm' } },
    type: 'Opaque',
    data,
  };
  try {
    return await kube.create(resourcePath(SECRETS, namespace), secret);
  } catch (error) {
    if (hasStatus(error, 409)) {
      return kube.get(keySecretPath(namespace, name));
    }
    throw error;
  }
}
