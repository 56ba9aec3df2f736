import type { Caller } from '../../domain/access/caller.ts';
import { objectChanged, podToChangeNotFound } from '../../domain/errors/object-problems.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ObjectWriter } from '../../ports/cluster/object-writer.ts';

/**
 * Deletes a pod in the name of the caller, so that its controller makes another one; nothing to do if it is being
 * deleted already. `force`: also a pod that no controller would make again. Throws as `ObjectWriter`, and the errors named.
 * @throws ProblemError POD_NOT_FOUND, POD_UNMANAGED, OBJECT_CHANGED
 */
export type RestartPod = (
  pod: { namespace: string; name: string },
  options: { force: boolean },
  caller: Caller | null,
) => Promise<void>;

export function createRestartPod({
  live,
  writer,
}: {
  live: Pick<LiveObjects, 'get'>;
  writer: Pick<ObjectWriter, 'remove'>;
}): RestartPod {
  return async function restartPod({ namespace, name }, { force }, caller) {
    const pod = live.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
    if (pod === undefined) {
      throw podToChangeNotFound(namespace, name);
    }
    if (pod.metadata.deletionTimestamp !== undefined) {
      return;
    }
    if (!force && !isMadeAgain(pod)) {
      throw problem(
        'POD_UNMANAGED',
        `pod ${namespace}/${name} has no controller that would make it again: delete it for good with force=true`,
        {},
        { kind: 'Pod', namespace, name },
      );
    }
    const { uid } = pod.metadata;
    const outcome = await writer.remove({ kind: 'Pod', namespace, name, ...(uid !== undefined && { uid }) }, caller);
    if (outcome !== 'done') {
      throw outcome === 'absent' ? podToChangeNotFound(namespace, name) : objectChanged('Pod', namespace, name);
    }
  };
}

/** A node is the owner of pods that are in its own files: their deletion stops nothing. */
function isMadeAgain({ metadata: { ownerReferences = [] } }: KubeObject): boolean {
  return ownerReferences.some(({ controller, kind }) => controller === true && kind !== 'Node');
}
