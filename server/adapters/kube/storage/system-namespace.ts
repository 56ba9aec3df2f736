import type { KubeApi } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { resourcePath } from '../client/resource-path.ts';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };

/**
 * Ensures that Walm's own namespace exists, which contains tasks and the leader's lease. If Walm may not read it, it is
 * assumed to exist: writing to it would fail otherwise.
 */
export async function installSystemNamespace(kube: KubeApi, name: string, signal: AbortSignal): Promise<void> {
  try {
    await kube.get(resourcePath(NAMESPACES, undefined, name), { signal });
  } catch (error) {
    if (hasStatus(error, 403)) {
      return;
    }
    if (!hasStatus(error, 404)) {
      throw error;
    }
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'walm' } },
    };
    await kube.create(resourcePath(NAMESPACES), namespace, { signal }).catch((refused: unknown) => {
      if (!hasStatus(refused, 409)) {
        throw refused;
      }
    });
  }
}
