import type { RestartMode } from '../../../contract/schemas/restart-mode.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { valueAt } from '../json/json-reading.ts';
import { groupKind, type KubeObject, objectKey, type ObjectRef, refOf, specOf } from '../kube/kube-object.ts';
import { isOwnObject, type OwnerRelease } from './own-objects.ts';
import { describeResources } from '../status/resource-set.ts';

/** The plan of a restart: which workloads replace their pods in turn, and which pods are deleted at once. */
export type RestartPlan = {
  roll: ObjectRef[];
  pods: { namespace: string; name: string; uid: string }[];
  warnings: Warning[];
};

const RESTARTED = new Set(['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);

/**
 * Plans the restart of a release (decision 34: how restart works): its Deployments, StatefulSets and DaemonSets, never
 * its Jobs. With `auto`, ready workloads are rolled, and pods are deleted if waiting for readiness in turn would not
 * help: of a workload that is not ready, or does not roll by itself. Objects that the record names but that do not
 * belong to the release are left alone. `nowMs` in milliseconds since the epoch; `unseen` are workloads that the view
 * does not contain yet: they are rolled, because it does not know their pods either.
 */
export function planRestart(
  mode: RestartMode,
  { objects, ...release }: OwnerRelease & { objects: readonly ObjectRef[] },
  view: ClusterView,
  nowMs: number,
  unseen: readonly KubeObject[] = [],
): RestartPlan {
  const plan: RestartPlan = { roll: [], pods: [], warnings: [] };
  const added = new Map(unseen.map((one) => [objectKey(refOf(one)), one]));
  for (const ref of objects) {
    const seen = view.get(ref);
    const workload = seen ?? added.get(objectKey(ref));
    if (!isRestarted(ref)) {
      continue;
    }
    if (workload === undefined) {
      // Whether there is such a workload in another namespace must not be found out by a record.
      plan.warnings.push(...(ref.namespace === release.namespace ? [] : [notOwn(ref)]));
      continue;
    }
    if (!isOwnObject(release, workload)) {
      plan.warnings.push(notOwn(ref));
      continue;
    }
    const rolls = rollsByItself(workload);
    const isReady = describeResources(view, [ref], nowMs).unready.length === 0;
    if (seen !== undefined && (mode === 'delete' || (mode === 'auto' && !(rolls && isReady)))) {
      plan.pods.push(...podsOf(view, workload));
    } else {
      plan.roll.push(refOf(workload));
      plan.warnings.push(...(rolls ? [] : [doesNotRoll(ref)]));
    }
  }
  return plan;
}

/** Whether a restart concerns objects of this kind. */
export function isRestarted({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>): boolean {
  return RESTARTED.has(groupKind(apiVersion, kind));
}

/** With OnDelete, or while its rollout is paused, a new template has no effect on running pods. */
function rollsByItself(workload: KubeObject): boolean {
  const spec = specOf(workload);
  return valueAt(spec, 'updateStrategy', 'type') !== 'OnDelete' && spec['paused'] !== true;
}

function podsOf(view: ClusterView, workload: KubeObject): RestartPlan['pods'] {
  return view.podsOf(workload.metadata.uid ?? '').flatMap(({ metadata }) => {
    const { namespace = '', name, uid = '', deletionTimestamp } = metadata;
    return deletionTimestamp === undefined ? [{ namespace, name, uid }] : [];
  });
}

function notOwn(object: ObjectRef): Warning {
  return {
    code: 'RESTART_FOREIGN',
    message: `${object.kind} ${object.name} does not say that it belongs to the release: it is not restarted`,
    object,
  };
}

function doesNotRoll(object: ObjectRef): Warning {
  return {
    code: 'RESTART_DEFERRED',
    message: `${object.kind} ${object.name} does not replace its pods by itself: they restart when they are deleted`,
    object,
  };
}
