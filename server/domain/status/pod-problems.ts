import type { Awaited } from '../../../contract/schemas/release.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import type { JsonObject } from '../json/json.ts';
import { asNumber, asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { conditionOf, conditionsOf, type KubeObject, refOf, specOf, statusOf } from '../kube/kube-object.ts';
import { claimWait } from './claim-status.ts';
import { awaits } from './resource-state.ts';

const IMAGE_REASONS = new Set(['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull']);
/** The kubelet's reason for a container that waits for earlier ones: those are the problem. */
const NOT_ITS_TURN = 'PodInitializing';

function withContainer(pod: KubeObject, container: JsonObject, reason: string, message: string): Awaited {
  return { ...awaits(refOf(pod), reason, message), container: asString(container['name']) };
}

/** How a container ended last: `exit code 1 (Error)`. */
function ending(terminated: JsonObject): string {
  const reason = asString(terminated['reason']);
  const code = `exit code ${asNumber(terminated['exitCode'])}`;
  return reason === '' ? code : `${code} (${reason})`;
}

function newestWarning(view: ClusterView, object: KubeObject, ...reasons: string[]): string {
  const warning = view.warningsOf(object.metadata.uid ?? '').find(({ reason }) => reasons.includes(reason));
  return warning === undefined ? '' : `: ${warning.message}`;
}

function waitingMessage(view: ClusterView, pod: KubeObject, container: JsonObject, waiting: JsonObject): string {
  const reason = asString(waiting['reason']);
  const message = asString(waiting['message']);
  if (IMAGE_REASONS.has(reason)) {
    return `image ${asString(container['image'])} cannot be pulled${message === '' ? '' : `: ${message}`}`;
  }
  if (reason === 'CrashLoopBackOff') {
    const last = asObject(valueAt(container, 'lastState', 'terminated'));
    return `restarted ${asNumber(container['restartCount'])} times, last ended with ${ending(last)}`;
  }
  const warning = newestWarning(view, pod, 'FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox');
  return message === '' ? `the container is not started yet${warning}` : message;
}

/** Why one container keeps its pod from being ready; undefined if it does not. */
function containerProblem(view: ClusterView, pod: KubeObject, container: JsonObject): Awaited | undefined {
  const waiting = valueAt(container, 'state', 'waiting');
  const terminated = valueAt(container, 'state', 'terminated');
  if (waiting !== undefined) {
    const detail = asObject(waiting);
    const reason = asString(detail['reason']) || 'Waiting';
    return reason === NOT_ITS_TURN
      ? undefined
      : withContainer(pod, container, reason, waitingMessage(view, pod, container, detail));
  }
  if (terminated !== undefined) {
    const detail = asObject(terminated);
    const reason = asString(detail['reason']) || 'Terminated';
    return reason === 'Completed' ? undefined : withContainer(pod, container, reason, `ended with ${ending(detail)}`);
  }
  if (container['ready'] === true) {
    return undefined;
  }
  const [reason, probe] =
    container['started'] === false ? ['StartupProbe', 'startup probe'] : ['ReadinessProbe', 'readiness probe'];
  return withContainer(
    pod,
    container,
    reason,
    `runs, but its ${probe} has not passed yet${newestWarning(view, pod, 'Unhealthy')}`,
  );
}

/** Init containers run one after the other: the first unfinished one blocks all others. */
function initProblem(view: ClusterView, pod: KubeObject): Awaited | undefined {
  const undone = asObjects(statusOf(pod)['initContainerStatuses']).find(
    (container) =>
      asNumber(valueAt(container, 'state', 'terminated', 'exitCode'), 1) !== 0 && container['ready'] !== true,
  );
  if (undone === undefined) {
    return undefined;
  }
  return valueAt(undone, 'state', 'running') === undefined
    ? containerProblem(view, pod, undone)
    : withContainer(pod, undone, 'InitContainer', 'the init container has not finished yet');
}

/** Claims that the pod mounts and that have no volume yet. */
function claimProblems(view: ClusterView, pod: KubeObject): Awaited[] {
  return asObjects(specOf(pod)['volumes']).flatMap((volume) => {
    const name = asString(valueAt(volume, 'persistentVolumeClaim', 'claimName'));
    const ref = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: pod.metadata.namespace ?? '', name };
    const claim = name === '' ? undefined : view.get(ref);
    const wait = claim === undefined ? undefined : claimWait(view, claim);
    return wait === undefined ? [] : [wait];
  });
}

/** Readiness gates of the pod, in addition to the readiness of its containers. */
function gateProblem(pod: KubeObject): Awaited | undefined {
  const gates = asObjects(specOf(pod)['readinessGates']).map((gate) => asString(gate['conditionType']));
  const unmet = gates.find((type) => conditionOf(pod, type)?.status !== 'True');
  return unmet === undefined
    ? undefined
    : awaits(refOf(pod), 'ReadinessGate', `its condition ${unmet} is not true yet`);
}

/** What an unready pod waits for, the cause before its consequences; never empty. */
export function podProblems(view: ClusterView, pod: KubeObject): Awaited[] {
  const scheduled = conditionOf(pod, 'PodScheduled');
  const claims = claimProblems(view, pod);
  if (scheduled !== undefined && scheduled.status !== 'True') {
    return [awaits(refOf(pod), scheduled.reason || 'Unscheduled', scheduled.message || 'no node yet'), ...claims];
  }
  const init = initProblem(view, pod);
  const containers = asObjects(statusOf(pod)['containerStatuses']).flatMap(
    (container) => containerProblem(view, pod, container) ?? [],
  );
  const found = [...(init === undefined ? containers : [init]), ...claims];
  if (found.length > 0) {
    return found;
  }
  const gate = gateProblem(pod);
  if (gate !== undefined) {
    return [gate];
  }
  const phase = asString(statusOf(pod)['phase']) || 'Unknown';
  const said = asString(statusOf(pod)['message']) || conditionsOf(pod).find(({ status }) => status !== 'True')?.message;
  return [awaits(refOf(pod), asString(statusOf(pod)['reason']) || phase, said || 'its node has not started it yet')];
}
