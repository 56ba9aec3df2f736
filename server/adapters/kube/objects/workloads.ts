import { type ObjectRef, parseApiVersion } from '../../../domain/kube/kube-object.ts';
import type { WorkloadAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const PODS = { group: '', version: 'v1', plural: 'pods' };
/** kubectl's own annotation: its `rollout history` and other tools understand it. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * Workloads of the API server. Changes use Walm's own field manager and touch nothing that a manifest contains, so that
 * the next upgrade has no conflict and keeps them.
 */
export function createKubeWorkloads({ kube }: { kube: FencedKube }): WorkloadAdapter {
  async function unlessGone(object: ObjectRef, change: () => Promise<unknown>): Promise<void> {
    try {
      await change();
    } catch (error) {
      if (!hasStatus(error, 404)) {
        throw problemOf(error, object);
      }
    }
  }

  return {
    async read(ref, signal) {
      try {
        return await kube.get(pathOf(ref), { ...(signal && { signal }) });
      } catch (error) {
        if (hasStatus(error, 404)) {
          return undefined;
        }
        throw problemOf(error, ref);
      }
    },
    roll(ref, at, as, pass) {
      const patch = { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: at } } } } };
      return unlessGone(ref, () => kube.writing(pass).patch(pathOf(ref), patch, 'merge', { as }));
    },
    scale: (ref, replicas, as, pass) =>
      unlessGone(ref, () => kube.writing(pass).patch(pathOf(ref, 'scale'), { spec: { replicas } }, 'merge', { as })),
    async removePod({ namespace, name, uid }, as, pass) {
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
      await unlessGone(ref, () =>
        kube
          .writing(pass)
          .remove(resourcePath(PODS, namespace, name), { preconditions: { uid } }, { as })
          .catch((error: unknown) => {
            // Another pod has the name by now.
            if (!hasStatus(error, 409)) {
              throw error;
            }
          }),
      );
    },
  };
}

/** The workload kinds of Kubernetes have regular plurals. */
function pathOf({ apiVersion, kind, namespace, name }: ObjectRef, subresource?: string): string {
  return resourcePath(
    { ...parseApiVersion(apiVersion), plural: `${kind.toLowerCase()}s` },
    namespace,
    name,
    subresource,
  );
}
