import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TaskState } from '../../contract/schemas/task.ts';
import { eventually } from '../harness/eventually.ts';
import type { ClusterObject } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import type { ApiAnswer } from '../harness/clients/walm-api.ts';
import { everything, everythingLater, small } from './fault-charts.ts';
import { leavePending } from './pending-record.ts';
import { type Place, revisionsOf, tasksOf } from './place.ts';

/** A change that can be killed at any point. */
export interface Scenario {
  name: string;
  /** Prepares the initial state; the namespace exists unless `ownNamespace`. */
  prepare?: (place: Place) => Promise<unknown>;
  /** Sends the request, and waits for the answer. */
  act: (place: Place) => Promise<unknown>;
  /** The scenario creates its namespace itself. */
  ownNamespace?: true;
  /** Number of tasks that result, if not one. */
  tasks?: number;
  /** What must become true after acceptance, in addition to the content of the place. */
  afterwards?: (place: Place) => Promise<void>;
  /** A further state that its tasks may end in; the release is then only checked for consistency. */
  or?: TaskState;
}

const JSON_BODY = { 'content-type': 'application/json' };

const install =
  (configValues: object = {}, further: object = {}, query: Record<string, boolean> = {}) =>
  ({ world, namespace }: Place): Promise<ApiAnswer> =>
    world.api.install({
      namespace,
      body: { name: 'app', configValues, ...further },
      archive: everything.bytes,
      query: { timeoutSec: 30, ...query },
    });
const upgrade =
  (configValues: object, further: object = {}, query: Record<string, boolean> = {}) =>
  ({ world, namespace }: Place): Promise<ApiAnswer> =>
    world.api.upgrade({ namespace, body: { name: 'app', configValues, ...further }, query });
const post =
  (verb: string, query: Record<string, string> = {}) =>
  ({ world, namespace }: Place): Promise<ApiAnswer> =>
    world.api.send('POST', `/api/v1/release/${namespace}/name/app/${verb}`, { query });

/** Several steps of preparation, each of which has to succeed. */
const all =
  (...steps: ((place: Place) => Promise<unknown>)[]) =>
  async (place: Place): Promise<void> => {
    for (const step of steps) {
      const answer = (await step(place)) as ApiAnswer | undefined;
      if (answer !== undefined && answer.status >= 300) {
        throw new Error(`the preparation was answered ${answer.status} ${answer.text}`);
      }
    }
  };

const projectPath = (namespace: string): string => `/api/v1/project/${namespace}/name/stack`;
const createProject = ({ world, namespace }: Place): Promise<ApiAnswer> => {
  const releases = ['one', 'two'].map((name) => ({ name, chartName: 'small', repoName: 'stable' }));
  return world.api.send('POST', projectPath(namespace), { headers: JSON_BODY, body: JSON.stringify({ releases }) });
};

const installProvider = ({ world, namespace }: Place): Promise<ApiAnswer> =>
  world.api.install({
    namespace,
    body: { name: 'provider', outputs: { value: 'values:value' } },
    archive: small.bytes,
  });
const installDependent = ({ world, namespace }: Place): Promise<ApiAnswer> =>
  world.api.install({ namespace, body: { name: 'app', dependencies: { db: 'provider' } }, archive: everything.bytes });

/** A rollout that fails, followed by a second task as `onFailure` says. */
const failedRollout = (onFailure: 'hold' | 'pause' | 'rollback', outcome: string): Scenario => ({
  name: `failed rollout that is ${outcome}`,
  prepare: all(install({}, { onFailure }), waitUntilReady),
  tasks: 2,
  act: upgrade({ value: 'two', behaviour: 'image-pull-backoff' }),
});

/** Cancels the one unfinished task once a hook of it runs. */
const cancelWhile =
  (event: string, begin: (place: Place) => Promise<ApiAnswer>) =>
  async (place: Place): Promise<void> => {
    const { world, namespace } = place;
    await begin(place);
    await eventually(async () => {
      const job = await world.kube.find(`/apis/batch/v1/namespaces/${namespace}/jobs/app-${event}`);
      if (job === undefined) throw new Error('the hook has not begun');
    });
    const [task] = await tasksOf(place);
    await world.api.send('POST', `/api/v1/task/${task?.id}/cancel`);
  };

async function helmInstall({ world: { helm }, namespace }: Place): Promise<void> {
  const archive = join(helm.folder, 'small.tgz');
  writeFileSync(archive, small.bytes);
  await helm.run('install', 'app', archive, '-n', namespace);
}

async function scaleByHand({ world, namespace }: Place): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/app/scale`;
  await world.kube.call('PATCH', path, { spec: { replicas: 3 } }, 'application/merge-patch+json');
}

async function waitUntilReady({ world, namespace }: Place): Promise<void> {
  await eventually(async () => {
    const { body } = await world.api.get(namespace, 'app');
    if (!body.ready) throw new Error(`not ready: ${body.message}`);
  });
}

/** Whether it is recorded that the newest revision was rolled out, so that Walm no longer watches it. */
async function isRolledOut(place: Place): Promise<void> {
  const { world, namespace } = place;
  await eventually(async () => {
    const newest = (await revisionsOf(place)).at(-1);
    const config = await world.kube.find(
      `/apis/apiextensions.transwarp.io/v1beta1/namespaces/${namespace}/releaseconfigs/app`,
    );
    const marked = config?.metadata.annotations?.['walm.io/rolled-out'];
    if (marked !== String(newest?.revision))
      throw new Error(`revision ${marked} is rolled out, not ${newest?.revision}`);
  });
}

/** Every operation that a kill can interrupt. Undisturbed, each ends within seconds. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'install', act: install() },
  {
    name: 'install into a namespace of its own',
    ownNamespace: true,
    act: install({}, {}, { createNamespace: true }),
  },
  { name: 'install that fails', act: install({ failing: 'post-install' }) },
  {
    name: 'install that fails in a namespace of its own',
    ownNamespace: true,
    act: install({ failing: 'pre-install' }, {}, { createNamespace: true }),
  },
  {
    name: 'upgrade',
    prepare: all(install()),
    act: ({ world, namespace }) =>
      world.api.upgrade({
        namespace,
        body: { name: 'app', configValues: { value: 'two' } },
        archive: everythingLater.bytes,
      }),
  },
  {
    name: 'upgrade by force',
    prepare: all(install(), leavePending),
    act: upgrade({ value: 'two' }, {}, { force: true }),
  },
  { name: 'upgrade that fails', prepare: all(install()), act: upgrade({ failing: 'pre-upgrade' }) },
  {
    name: 'delete',
    prepare: all(install(), waitUntilReady),
    act: ({ world, namespace }) => world.api.remove(namespace, 'app', { deletePvcs: true }),
  },
  { name: 'pause', prepare: all(install()), act: post('pause') },
  { name: 'recover', prepare: all(install(), post('pause')), act: post('recover') },
  {
    name: 'recover of what was scaled by hand',
    prepare: all(install(), scaleByHand, post('pause')),
    act: post('recover'),
  },
  { name: 'rolling restart', prepare: all(install(), waitUntilReady), act: post('restart', { mode: 'rolling' }) },
  { name: 'restart', prepare: all(install(), waitUntilReady), act: post('restart', { mode: 'delete' }) },
  {
    name: 'rollback',
    prepare: all(install(), upgrade({ value: 'two' })),
    act: post('rollback', { revision: '1' }),
  },
  { name: 'test', prepare: all(install({ slow: 'test' }), waitUntilReady), act: post('test') },
  { name: 'adopt', prepare: helmInstall, act: post('adopt') },
  { name: 'detach', prepare: all(install()), act: post('detach') },
  {
    name: 'cancelled install',
    act: cancelWhile('pre-install', install({ slow: 'pre-install' }, {}, { async: true })),
    or: 'succeeded',
  },
  {
    name: 'cancelled upgrade',
    prepare: all(install()),
    act: cancelWhile('pre-upgrade', upgrade({ slow: 'pre-upgrade' }, {}, { async: true })),
    or: 'succeeded',
  },
  { name: 'project', act: createProject, tasks: 3 },
  {
    name: 'releases added to a project',
    prepare: all(createProject),
    tasks: 3,
    act: ({ world, namespace }) => {
      const releases = [
        { name: 'three', chartName: 'small', repoName: 'stable' },
        { name: 'one', configValues: { value: 'two' } },
      ];
      const body = JSON.stringify({ releases });
      return world.api.send('POST', `${projectPath(namespace)}/project`, { headers: JSON_BODY, body });
    },
  },
  {
    name: 'release removed from a project',
    prepare: all(createProject),
    tasks: 2,
    act: ({ world, namespace }) => world.api.send('DELETE', `${projectPath(namespace)}/instance/one`),
  },
  {
    name: 'project applied',
    prepare: all(createProject),
    tasks: 4,
    act: ({ world, namespace }) => {
      const releases = [
        { name: 'one', chartName: 'small', repoName: 'stable', configValues: { value: 'two' } },
        { name: 'three', chartName: 'small', repoName: 'stable', dependencies: { any: 'one' } },
      ];
      const body = JSON.stringify({ releases });
      const query = { remove: true };
      return world.api.send('PUT', projectPath(namespace), { query, headers: JSON_BODY, body });
    },
  },
  {
    name: 'project deletion',
    prepare: all(createProject),
    tasks: 3,
    act: ({ world, namespace }) => world.api.send('DELETE', projectPath(namespace), { query: { deletePvcs: true } }),
  },
  {
    name: 're-injection',
    prepare: all(installProvider, installDependent),
    tasks: 2,
    act: ({ world, namespace }) =>
      world.api.upgrade({ namespace, body: { name: 'provider', configValues: { value: 'two' } } }),
  },
  {
    name: 'rollout that is watched and succeeds',
    prepare: all(install({}, { onFailure: 'hold' }), isRolledOut),
    act: all(upgrade({ value: 'two' }), isRolledOut),
    afterwards: isRolledOut,
  },
  failedRollout('hold', 'held'),
  failedRollout('pause', 'paused'),
  failedRollout('rollback', 'rolled back'),
];

/** Creates the place for one try of a scenario. */
export async function preparePlace(world: Place['world'], scenario: Scenario, namespace: string): Promise<Place> {
  const place: Place = { world, namespace, oldPods: new Set() };
  if (scenario.ownNamespace !== true) {
    await createNamespace(world.kube, namespace);
  }
  await scenario.prepare?.(place);
  const pods = scenario.ownNamespace === true ? [] : await eventually(() => settledPods(place));
  place.oldPods = new Set(pods.map(({ metadata }) => metadata.uid ?? ''));
  return place;
}

/** The pods of the place once they match the workloads: a rollout that continues would change them later. */
async function settledPods({ world, namespace }: Place): Promise<ClusterObject[]> {
  const list = (kind: string) => world.kube.list(`/apis/apps/v1/namespaces/${namespace}/${kind}`);
  let wanted = 0;
  for (const { metadata, ...workload } of [...(await list('deployments')), ...(await list('statefulsets'))]) {
    const { replicas = 1 } = workload['spec'] as { replicas?: number };
    const { observedGeneration, updatedReplicas = 0 } = workload['status'] as Record<string, number | undefined>;
    if (observedGeneration !== metadata.generation || updatedReplicas !== replicas) {
      throw new Error(`${metadata.name} is not rolled out`);
    }
    wanted += replicas;
  }
  const pods = await world.kube.list(`/api/v1/namespaces/${namespace}/pods`);
  const running = pods.filter(({ metadata }) => !metadata.name.includes('-pre-') && !metadata.name.includes('-post-'));
  if (running.length !== wanted) throw new Error(`there are ${running.length} pods of ${wanted}`);
  return pods;
}
