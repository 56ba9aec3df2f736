import type { ClusterView } from '../kube/cluster-view.ts';
import { asNumber, valueAt } from '../json/json-reading.ts';
import { conditionOf, groupKind, type KubeObject, type ObjectRef } from '../kube/kube-object.ts';
import { isObserved } from '../status/resource-state.ts';
import { describeResources } from '../status/resource-set.ts';
import { podProblems } from '../status/pod-problems.ts';

/** The progress of a revision's rollout. */
export type RolloutState =
  | { is: 'done' }
  /** `reason` names the workload and its problem. */
  | { is: 'failed'; reason: string }
  | { is: 'going' };

/** A rollout to be judged; times in milliseconds since the epoch. */
export type Rollout = {
  objects: readonly ObjectRef[];
  /** When the revision was written: older pods do not belong to this rollout. */
  sinceMs: number;
  nowMs: number;
  /** How long a pod may fail. */
  deadlineMs: number;
};

const WORKLOADS = new Set(['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);
/** Reasons that do not pass by themselves in reasonable time. */
const TERMINAL = new Set(['CrashLoopBackOff', 'ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'Unschedulable']);
/** Kubernetes records times in whole seconds. */
const ROUNDING_MS = 1_000;

/** Whether an object is one whose pods a revision replaces. */
export function isRolledOut({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>): boolean {
  return WORKLOADS.has(groupKind(apiVersion, kind));
}

/**
 * Judges a rollout by its present state only (decision 35: what happens to a failed rollout), so that a restart of Walm
 * changes nothing. It has failed if a Deployment exceeded its deadline, or a new pod of a workload has been failing for
 * its whole life and at least as long as the deadline. It is done when all workloads are ready.
 */
export function judgeRollout(view: ClusterView, rollout: Rollout): RolloutState {
  const workloads = rollout.objects.filter(isRolledOut);
  for (const ref of workloads) {
    const workload = view.get(ref);
    const reason = workload && failureOf(view, workload, rollout);
    if (reason !== undefined) {
      return { is: 'failed', reason: `${ref.kind} ${ref.namespace}/${ref.name}: ${reason}` };
    }
  }
  const { unready } = describeResources(view, workloads, rollout.nowMs);
  return unready.length === 0 ? { is: 'done' } : { is: 'going' };
}

function failureOf(view: ClusterView, workload: KubeObject, rollout: Rollout): string | undefined {
  const progressing = conditionOf(workload, 'Progressing');
  if (isObserved(workload) && progressing?.reason === 'ProgressDeadlineExceeded') {
    return progressing.message || progressing.reason;
  }
  for (const pod of view.podsOf(workload.metadata.uid ?? '')) {
    const created = Date.parse(pod.metadata.creationTimestamp ?? '');
    const isNew = created >= rollout.sinceMs - ROUNDING_MS;
    if (isNew && rollout.nowMs - created >= rollout.deadlineMs && conditionOf(pod, 'Ready')?.status !== 'True') {
      const problem = podProblems(view, pod).find(({ reason }) => TERMINAL.has(reason) || isCrashing(pod));
      if (problem !== undefined) {
        return `Pod ${pod.metadata.name}: ${problem.reason}: ${problem.message}`;
      }
    }
  }
  return undefined;
}

/** Between two crashes a container runs for a moment. */
function isCrashing({ status }: KubeObject): boolean {
  const containers = valueAt(status, 'containerStatuses');
  return Array.isArray(containers) && containers.some((container) => asNumber(valueAt(container, 'restartCount')) > 1);
}
