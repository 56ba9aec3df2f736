import type { TaskInfo, TaskList } from '../../contract/schemas/task.ts';
import type { ClusterObject } from '../harness/clients/kube-client.ts';
import type { FaultWorld } from './fault-world.ts';
import { RECORD_SECRET_TYPE } from '../../server/domain/names/helm-record-name.ts';

/** A namespace in which one change is tried, with everything that shows whether the change was made. */
export interface Place {
  world: FaultWorld;
  namespace: string;
  /** Pods that existed before the change. */
  oldPods: Set<string>;
}

/** Tasks of the place in order of arrival; the tasks after `known` belong to the change. */
export async function tasksOf({ world, namespace }: Place): Promise<TaskInfo[]> {
  const answer = await world.api.send('GET', '/api/v1/task', { query: { namespace, limit: 1000 } });
  if (answer.status !== 200) throw new Error(`the tasks cannot be listed: ${answer.status} ${answer.text}`);
  return (answer.body as TaskList).items;
}

/** A revision as Helm recorded it. */
export interface Recorded {
  release: string;
  revision: number;
  status: string;
}

/** Every revision that Helm knows in the place, oldest first. */
export async function revisionsOf({ world, namespace }: Place): Promise<Recorded[]> {
  const secrets = await world.kube.list(
    `/api/v1/namespaces/${namespace}/secrets?fieldSelector=${encodeURIComponent(`type=${RECORD_SECRET_TYPE}`)}`,
  );
  return secrets
    .map(({ metadata: { labels = {} } }) => ({
      release: labels['name'] ?? '',
      revision: Number(labels['version']),
      status: labels['status'] ?? '',
    }))
    .toSorted((a, b) => a.revision - b.revision);
}

/** What the place holds, without what differs from one run to the next: names of pods, times, numbers of revisions. */
export async function contentOf(place: Place): Promise<Record<string, unknown>> {
  const { world, namespace, oldPods } = place;
  const { kube } = world;
  const found = await kube.find(`/api/v1/namespaces/${namespace}`);
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) {
    return { namespace: 'gone' };
  }
  const list = (kind: string): Promise<ClusterObject[]> => {
    const [group = '', plural = ''] = kind.split(' ');
    return kube.list(`/${group === 'v1' ? 'api/v1' : `apis/${group}`}/namespaces/${namespace}/${plural}`);
  };
  const [maps, deployments, sets, claims, configs, jobs, secrets, pods, revisions] = await Promise.all([
    list('v1 configmaps'),
    list('apps/v1 deployments'),
    list('apps/v1 statefulsets'),
    list('v1 persistentvolumeclaims'),
    list('apiextensions.transwarp.io/v1beta1 releaseconfigs'),
    list('batch/v1 jobs'),
    list('v1 secrets'),
    list('v1 pods'),
    revisionsOf(place),
  ]);
  const newest = new Map(revisions.map(({ release, status }) => [release, status]));
  return {
    releases: Object.fromEntries(newest),
    maps: maps
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ metadata, ...map }) => ({ name: metadata.name, data: map['data'] })),
    workloads: [...deployments, ...sets].map(({ metadata, ...workload }) => {
      const { replicas, paused, template } = workload['spec'] as WorkloadSpec;
      const { 'kubectl.kubernetes.io/restartedAt': restartedAt, value } = template.metadata.annotations ?? {};
      return { name: metadata.name, replicas, paused, isRestarted: restartedAt !== undefined, value };
    }),
    claims: claims.filter(isThere).map(({ metadata }) => metadata.name),
    configs: configs.map(({ metadata, ...config }) => ({
      name: metadata.name,
      isPaused: Boolean((config['spec'] as { pause?: unknown }).pause),
    })),
    // A hook that ran twice at once, or was left behind, is visible here.
    jobs: jobs.filter(isThere).map(({ metadata }) => metadata.name),
    archives: secrets.filter((secret) => secret['type'] === 'walm.io/chart.v1').length,
    oldPods: pods.filter((pod) => isThere(pod) && oldPods.has(pod.metadata.uid ?? '')).length,
  };
}

interface WorkloadSpec {
  replicas?: number;
  paused?: boolean;
  template: { metadata: { annotations?: Record<string, string> } };
}

function isThere({ metadata }: ClusterObject): boolean {
  return metadata.deletionTimestamp === undefined;
}
