import type { ClusterView } from '../kube/cluster-view.ts';
import { conditionOf, type ObjectRef, statusOf } from '../kube/kube-object.ts';

/**
 * Unready pods of StatefulSets that do not belong to the desired revision. Kubernetes waits for such a pod to become
 * ready before it replaces it, so after a rollback it has to be deleted.
 */
export function stuckPods(view: ClusterView, objects: readonly ObjectRef[]) {
  return objects
    .filter(({ kind }) => kind === 'StatefulSet')
    .flatMap((ref) => {
      const statefulSet = view.get(ref);
      const wanted = statefulSet && statusOf(statefulSet)['updateRevision'];
      const pods = wanted === undefined ? [] : view.podsOf(statefulSet?.metadata.uid ?? '');
      return pods.flatMap((pod) => {
        const { namespace = '', name, uid = '', labels = {} } = pod.metadata;
        const isOther = labels['controller-revision-hash'] !== wanted;
        return isOther && conditionOf(pod, 'Ready')?.status !== 'True' ? [{ namespace, name, uid }] : [];
      });
    });
}
