import type { Awaited, ReadyCount } from '../../../contract/schemas/release.ts';
import type { ResourceSet, ResourceState } from '../../../contract/schemas/release-resources.ts';
import type { ClusterView } from '../kube/cluster-view.ts';
import { groupKind, type KubeObject, type ObjectRef } from '../kube/kube-object.ts';
import type { BelievedView } from '../kube/believed-objects.ts';
import { describeClaim } from './claim-status.ts';
import { describeConfigMap, describeSecret } from './config-status.ts';
import { describeCronJob } from './cron-job-status.ts';
import { describeDaemonSet } from './daemon-set-status.ts';
import { describeDeployment } from './deployment-status.ts';
import { describeIngress } from './ingress-status.ts';
import { describeJob } from './job-status.ts';
import type { PresentRef } from './passing-jobs.ts';
import { describeOther } from './other-status.ts';
import { awaits, type Described, stateOf, TERMINATING } from './resource-state.ts';
import { describeService } from './service-status.ts';
import { describeStatefulSet } from './stateful-set-status.ts';

/** The first object that is not ready, its state, and what it waits for. */
export type Unready = { kind: string; namespace: string; name: string; status: string; waitingFor: Awaited[] };

/**
 * All objects of a release with their live state, the unready ones in the order of `CHECK_ORDER`, and how many of those
 * whose state is known are ready.
 */
export type DescribedSet = { resources: ResourceSet; unready: Unready[]; objects: ReadyCount };

type Family = keyof ResourceSet;

const FAMILIES: Readonly<Record<string, Family>> = {
  Service: 'services',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  PersistentVolumeClaim: 'pvcs',
  'DaemonSet.apps': 'daemonsets',
  'Deployment.apps': 'deployments',
  'StatefulSet.apps': 'statefulsets',
  'Ingress.networking.k8s.io': 'ingresses',
  'Job.batch': 'jobs',
  'CronJob.batch': 'cronjobs',
};

const REFUSED = stateOf('Unknown', 'NotVisible', 'Walm is not allowed to read it');
const ELSEWHERE = stateOf('Unknown', 'Elsewhere', 'it lies outside of the namespace of the release');

/** The list under a key, created if missing. */
function listOf<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function familyOf(ref: ObjectRef): Family {
  return FAMILIES[groupKind(ref.apiVersion, ref.kind)] ?? 'others';
}

/** The order in which the original Walm looks for the first unready resource; the last three are additions. */
const CHECK_ORDER: readonly Family[] = [
  'secrets',
  'jobs',
  'statefulsets',
  'services',
  'ingresses',
  'deployments',
  'daemonsets',
  'configmaps',
  'pvcs',
  'cronjobs',
  'others',
];

/** Whatever is being deleted is not ready, however well it is until then. */
function unlessEnding<Shown extends { state: ResourceState }>(
  ref: ObjectRef,
  object: KubeObject | undefined,
  described: Described<Shown>,
): Described<Shown> {
  if (object?.metadata.deletionTimestamp === undefined || described.waitingFor.length > 0) {
    return described;
  }
  return {
    shown: { ...described.shown, state: TERMINATING },
    waitingFor: [awaits(ref, 'Terminating', TERMINATING.message)],
  };
}

/** The part of the live view that may be shown; `isElsewhere` says which objects are outside of it. */
type DescribedView = ClusterView & Partial<Pick<BelievedView, 'isElsewhere'>>;

/** Describes the objects of a record; `nowMs` in milliseconds since the epoch. */
export function describeResources(view: DescribedView, objects: readonly PresentRef[], nowMs: number): DescribedSet {
  const unready = new Map<Family, Unready[]>();
  const families = new Map<Family, ObjectRef[]>();
  objects.forEach((ref) => listOf(families, familyOf(ref)).push(ref));
  const count = { ready: 0, total: 0 };

  function all<F extends Family>(
    family: F,
    describe: (ref: PresentRef, object: KubeObject | undefined) => Described<ResourceSet[F][number]>,
  ): ResourceSet[F][number][] {
    return listOf(families, family).map((ref) => {
      const object = view.get(ref);
      const { shown, waitingFor } = unlessEnding(ref, object, describe(ref, object));
      if (object === undefined && view.isHidden(ref)) {
        // The state cannot be determined: the object is shown with this state, and not waited for.
        return { ...shown, state: view.isElsewhere?.(ref) === true ? ELSEWHERE : REFUSED };
      }
      count.total += 1;
      if (waitingFor.length === 0) {
        count.ready += 1;
      } else {
        const { kind, namespace, name } = ref;
        listOf(unready, family).push({ kind, namespace, name, status: shown.state.status, waitingFor });
      }
      return shown;
    });
  }

  const resources: ResourceSet = {
    services: all('services', (ref, object) => describeService(view, ref, object)),
    configmaps: all('configmaps', describeConfigMap),
    daemonsets: all('daemonsets', (ref, object) => describeDaemonSet(view, ref, object, nowMs)),
    deployments: all('deployments', (ref, object) => describeDeployment(view, ref, object, nowMs)),
    ingresses: all('ingresses', describeIngress),
    jobs: all('jobs', (ref, object) => describeJob(view, ref, object, nowMs)),
    secrets: all('secrets', describeSecret),
    statefulsets: all('statefulsets', (ref, object) => describeStatefulSet(view, ref, object, nowMs)),
    pvcs: all('pvcs', (ref, object) => describeClaim(view, ref, object)),
    cronjobs: all('cronjobs', (ref, object) => describeCronJob(view, ref, object, nowMs)),
    others: all('others', (ref, object) => describeOther(view, ref, object)),
  };
  return { resources, objects: count, unready: CHECK_ORDER.flatMap((family) => unready.get(family) ?? []) };
}
