import { beforeEach, describe, expect, test, vi } from 'vitest';
import { jobsHere } from '../../../../test/harness/fakes/jobs-here.ts';
import { createMemoryHelm, type MemoryHelm } from '../../../adapters/memory/helm-releases.ts';
import { createMemoryLiveObjects, type MemoryLiveObjects } from '../../../adapters/memory/live-objects.ts';
import { createManualClock, type ManualClock } from '../../../adapters/memory/manual-clock.ts';
import { createMemoryWorkloads, type MemoryWorkloads } from '../../../adapters/memory/workloads.ts';
import { asNumber, valueAt } from '../../../domain/json/json-reading.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { TaskExecutor, TaskExecutors } from '../../tasks/task-executor.ts';
import { createGuardUnattended } from '../../automation/guard-unattended.ts';
import { createAwaitUnlock } from './await-unlock.ts';
import { createFindManaged } from '../observe/find-managed.ts';
import { createObserveRelease } from '../observe/observe-release.ts';
import { hideRecorded } from '../../../domain/masking/hide-recorded.ts';
import { createRewriteRelease } from './rewrite-release.ts';
import { createRunAdopt } from './run-adopt.ts';
import { createRunDetach } from './run-detach.ts';
import { createRunPause } from './run-pause.ts';
import { createRunRecover } from './run-recover.ts';
import { person } from '../../../../test/harness/fakes/person.ts';
import { createOperationTime } from '../../../domain/tasks/operation-time.ts';

const rules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 } as const;
const TARGET = { identity: null, namespace: 'shop', name: 'web' };
const refOf = (kind: string, name: string) => ({ apiVersion: 'apps/v1', kind, namespace: 'shop', name });

function documentOf(index: number, kind: string, name: string, spec: JsonObject): HelmRelease['objects'][number] {
  const object = { apiVersion: 'apps/v1', kind, metadata: { name }, spec };
  return { index, source: 'chart/templates/x.yaml', ...refOf(kind, name), object };
}

let clock: ManualClock;
let helm: MemoryHelm;
let live: MemoryLiveObjects;
let workloads: MemoryWorkloads;
type Rewrite = 'pause' | 'recover' | 'adopt' | 'detach';
let executors: TaskExecutors<Rewrite>;

beforeEach(() => {
  clock = createManualClock();
  helm = createMemoryHelm(clock);
  live = createMemoryLiveObjects();
  workloads = createMemoryWorkloads([refOf('Deployment', 'web'), refOf('StatefulSet', 'db')]);
  const findManaged = createFindManaged({ engine: helm });
  const guard = createGuardUnattended({ rules, clock });
  const deps = {
    engine: helm,
    guard,
    observeRelease: createObserveRelease({ engine: helm }),
    findManaged,
    findSecrets: jobsHere.findSecrets,
    awaitUnlock: createAwaitUnlock({
      engine: helm,
      tasks: { tasksOf: () => [], unfinishedOf: () => [] },
      observeRelease: createObserveRelease({ engine: helm }),
      clock,
      foreignLockMs: 1000,
    }),
    liveView: { observe: () => Promise.resolve() },
    rewriteRelease: createRewriteRelease({
      engine: helm,
      hideRecorded: (input) => Promise.resolve(hideRecorded(input)),
      operationTime: createOperationTime(1000),
      maxHistory: 10,
    }),
    live,
    workloads,
    clock,
    pauseDaemonSets: true,
  };
  executors = {
    pause: createRunPause(deps),
    recover: createRunRecover(deps),
    adopt: createRunAdopt(deps),
    detach: createRunDetach(deps),
  };
  const objects = [
    documentOf(0, 'Deployment', 'web', { replicas: 3, note: 'generated-7f3a' }),
    documentOf(1, 'StatefulSet', 'db', {}),
  ];
  helm.record({ namespace: 'shop', name: 'web', revision: 1, objects, config: { a: 1 } });
});

/** One run of a task by a process that knows only what is durable. */
async function run(kind: Rewrite, changes: Partial<Task> = {}, written: Partial<Task>[] = []) {
  const caller = person('alice');
  let task: Task = {
    id: kind,
    namespace: 'shop',
    release: 'web',
    state: 'running',
    attempt: 1,
    caller,
    requestId: 'r',
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    order: { kind },
    ...changes,
  };
  const result = await (executors[kind] as TaskExecutor)(task, {
    signal: new AbortController().signal,
    report: () => undefined,
    save(saved) {
      written.push(saved);
      task = { ...task, ...saved };
      return Promise.resolve(task);
    },
  });
  return { task, result };
}

const newest = async () => {
  const release = await helm.getRelease(TARGET);
  if (release === null) throw new Error('the release is gone');
  return release;
};
const specs = async () =>
  (await newest()).objects.filter(({ kind }) => kind !== 'ReleaseConfig').map(({ object }) => object['spec']);
const pluginNames = async () =>
  readReleaseFacts((await newest()).releaseConfig)?.plugins.map(({ name, version }) => `${name} ${version}`);
const history = async () =>
  (await helm.releaseHistory(TARGET)).map(({ revision, status, description }) => ({ revision, status, description }));

test.each([
  [true, 'FIELD_IMMUTABLE', 'the operation failed: it may not change'],
  [false, 'REVISION_FAILED', 'the operation failed: Upgrade "web" failed: it may not change'],
])('a change that had failed before the process ended is not made again: noted %s', async (isNoted, code, told) => {
  const failure = { code: 'FIELD_IMMUTABLE', message: 'it may not change', details: { file: 'c/s.yaml' } } as const;
  const description = 'Upgrade "web" failed: it may not change';
  const releaseConfig = { metadata: { annotations: { 'walm.io/task': 'mine' } } };
  const failed = { ...(await newest()), revision: 2, status: 'failed', description, releaseConfig } as const;
  helm.record({ ...failed, ...(isNoted && { failure }) });
  const before = await history();
  await expect(run('pause', { id: 'mine', attempt: 2, revision: 2 })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(new RegExp(`^${told}.*may not have been taken back`)) as string,
    details: { revision: 2, ...(isNoted && { file: 'c/s.yaml' }) },
  });
  expect(await history()).toEqual(before);
});

describe('pause and recover', () => {
  test('change nothing but replicas, and give back what was there', async () => {
    await run('pause');
    expect(await specs()).toEqual([{ replicas: 0, note: 'generated-7f3a' }, { replicas: 0 }]);
    expect(await pluginNames()).toEqual(['PauseRelease 1.0']);
    expect(await newest()).toMatchObject({ revision: 2, description: 'paused by alice', config: { a: 1 } });
    await run('recover');
    expect(await specs()).toEqual([{ replicas: 3, note: 'generated-7f3a' }, {}]);
    expect(await pluginNames()).toEqual([]);
    expect(await newest()).toMatchObject({ revision: 3, description: 'recovered by alice', config: { a: 1 } });
  });

  test('leave the seal to whoever made what is in the release, and seal in their own name what carries none', async () => {
    const seal = { sealed: true, by: person('bob'), at: '2026-01-01T00:00:00Z', operation: 'upgrade' } as const;
    helm.record({ ...(await newest()), revision: 2, seal });
    await run('pause');
    expect((await newest()).seal).toEqual({ ...seal, operation: 'pause' });
    await run('recover');
    expect((await newest()).seal).toEqual({ ...seal, operation: 'recover' });
    helm.record({ ...(await newest()), revision: 5, seal: { sealed: false, reason: 'it was edited' } });
    await run('pause', { id: 'again' });
    expect((await newest()).seal).toMatchObject({ sealed: true, by: person('alice') });
  });

  test('take the time that the request gave', async () => {
    const rewriting = vi.spyOn(helm, 'rewriteRelease');
    await run('pause', { operationTimeoutMs: 7000 });
    await run('recover');
    expect(rewriting.mock.calls.map(([{ timeoutMs }]) => timeoutMs)).toEqual([7000, 1000]);
  });

  test('are done once, also where others have gone on before that was known', async () => {
    const { task } = await run('pause');
    await run('recover', { id: 'others' });
    const { result } = await run('pause', { ...task, attempt: 2 });
    expect(result).toMatchObject({ revision: 2 });
    expect(await history()).toHaveLength(3);
  });

  test('look again when they lose a race, and not forever', async () => {
    for (let i = 0; i < 20; i += 1) helm.interruptNext(() => problem('REVISION_MISMATCH', 'somebody else wrote it'));
    await expect(run('pause')).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    expect((await history()).length).toBeLessThan(10);
  });

  test('look again when what they are about to settle has come true meanwhile', async () => {
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(run('pause')).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    const { settle } = helm;
    const refuse = () => Promise.reject(problem('REVISION_MISMATCH', 'it was written by somebody else'));
    Object.assign(helm, {
      settle() {
        Object.assign(helm, { settle });
        return refuse();
      },
    });
    await run('pause', { attempt: 2, revision: 2 });
    expect((await history()).at(-1)?.status).toBe('deployed');
    Object.assign(helm, { settle: refuse });
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(run('recover', { id: 'next' })).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    const { revision } = await newest();
    await expect(run('recover', { id: 'next', attempt: 2, revision })).rejects.toMatchObject({
      code: 'REVISION_MISMATCH',
    });
  });

  test('write no revision where there is nothing to do', async () => {
    await run('recover');
    expect((await newest()).revision).toBe(1);
    await run('pause');
    await run('pause', { id: 'again' });
    expect((await newest()).revision).toBe(2);
  });

  test('begin at what was applied where one was refused half-way, and give back exactly what ran', async () => {
    const metadata = { name: 'web', namespace: 'shop', uid: 'u' };
    const webWith = (replicas: number) =>
      live.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas } });
    const replicasOfWeb = () => workloads.workloads.find(({ ref }) => ref.name === 'web')?.replicas;
    webWith(5);
    helm.interruptNext(() => problem('ADMISSION_REFUSED', 'it is frozen'));
    await expect(run('pause')).rejects.toMatchObject({ code: 'ADMISSION_REFUSED' });
    expect(replicasOfWeb()).toBe(5);

    // As if the revision had not been rolled back.
    webWith(0);
    await workloads.scale(refOf('Deployment', 'web'), 0, null);
    await run('recover', { id: 'first' });
    expect(await newest()).toMatchObject({ revision: 3, description: 'recovered by alice' });
    expect(await specs()).toEqual([{ replicas: 3, note: 'generated-7f3a' }, {}]);
    expect(replicasOfWeb()).toBe(5);

    helm.interruptNext(() => problem('ADMISSION_REFUSED', 'it is frozen'));
    webWith(5);
    await expect(run('pause', { id: 'second' })).rejects.toMatchObject({ code: 'ADMISSION_REFUSED' });
    webWith(0);
    await run('pause', { id: 'third' });
    expect(await newest()).toMatchObject({ revision: 5, description: 'paused by alice' });
    await run('recover', { id: 'fourth' });
    expect(await specs()).toEqual([{ replicas: 3, note: 'generated-7f3a' }, {}]);
    expect(replicasOfWeb()).toBe(5);
  });

  test('scale again what was scaled by others before', async () => {
    const metadata = { name: 'web', namespace: 'shop', uid: 'u' };
    live.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 5 } });
    await run('pause');
    await run('recover');
    expect(asNumber(valueAt((await specs())[0], 'replicas'))).toBe(3);
    expect(workloads.workloads.map(({ ref, replicas }) => [ref.name, replicas])).toEqual([
      ['web', 5],
      ['db', 1],
    ]);
  });

  test("scale nothing that a record remembers and that is not the release's own", async () => {
    const metadata = { name: 'web', namespace: 'shop', uid: 'u' };
    live.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 5 } });
    await run('pause');
    const annotations = { 'meta.helm.sh/release-name': 'other', 'meta.helm.sh/release-namespace': 'shop' };
    live.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, annotations }, spec: {} });
    await run('recover');
    expect(workloads.workloads.map(({ replicas }) => replicas)).toEqual([1, 1]);
  });

  test('scale again what was scaled before, when Walm is killed between the revision and the scaling', async () => {
    const metadata = { name: 'web', namespace: 'shop', uid: 'u' };
    live.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 5 } });
    await run('pause');
    const { scale } = workloads;
    workloads.scale = () => Promise.reject(problem('CLUSTER_UNREACHABLE', 'it is killed'));
    const saved: Partial<Task>[] = [];
    await expect(run('recover', {}, saved)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    workloads.scale = scale;
    await run('recover', Object.assign({ attempt: 2 }, ...saved));
    expect((await newest()).revision).toBe(3);
    expect(workloads.workloads.map(({ replicas }) => replicas)).toEqual([5, 1]);
  });

  test.each(['pause', 'recover'] as const)('that are interrupted are finished: %s', async (kind) => {
    if (kind === 'recover') await run('pause', { id: 'before' });
    const { revision } = await newest();
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(run(kind)).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await run(kind, { attempt: 2, revision: revision + 1 });
    const replicas = (await specs()).map((spec) => valueAt(spec, 'replicas'));
    expect(replicas).toEqual(kind === 'pause' ? [0, 0] : [3, undefined]);
    expect((await history()).slice(-2).map(({ status }) => status)).toEqual(['failed', 'deployed']);
    await run('recover', { id: 'afterwards' });
    expect(await specs()).toEqual([{ replicas: 3, note: 'generated-7f3a' }, {}]);
  });

  test('supersede what they replaced, when Walm is killed before that', async () => {
    const releaseConfig = { metadata: { annotations: { 'walm.io/task': 'pause' } } };
    helm.record({ namespace: 'shop', name: 'web', revision: 2, releaseConfig });
    await run('pause', { attempt: 2, revision: 2 });
    expect((await history()).map(({ status }) => status)).toEqual(['superseded', 'deployed']);
  });

  test('a detachment that is interrupted is finished', async () => {
    await run('adopt');
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(run('detach')).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await run('detach', { attempt: 2, revision: 3 });
    expect((await history()).map(({ status }) => status)).toEqual(['superseded', 'superseded', 'failed', 'deployed']);
    expect((await newest()).releaseConfig).toBeNull();
  });

  test('pause again what plain Helm has set going, and recover what it wants now', async () => {
    await run('pause');
    const objects = [documentOf(0, 'Deployment', 'web', { replicas: 4 }), documentOf(1, 'StatefulSet', 'db', {})];
    helm.record({ namespace: 'shop', name: 'web', revision: 3, objects });
    await run('pause', { id: 'again' });
    expect((await newest()).revision).toBe(4);
    expect(await specs()).toEqual([{ replicas: 0 }, { replicas: 0 }]);
    await run('recover');
    expect(await specs()).toEqual([{ replicas: 4 }, {}]);
  });
});

describe('adopt and detach', () => {
  test('give a foreign release the facts of its record, once', async () => {
    await run('adopt');
    expect(await newest()).toMatchObject({ revision: 2, description: 'adopted by alice' });
    expect(readReleaseFacts((await newest()).releaseConfig)).toMatchObject({ configValues: { a: 1 }, source: null });
    await run('adopt', { id: 'again' });
    expect((await newest()).revision).toBe(2);
  });

  test('make come true again what plain Helm undid', async () => {
    await run('pause');
    const objects = [documentOf(0, 'Deployment', 'web', { replicas: 4 })];
    helm.record({ namespace: 'shop', name: 'web', revision: 3, objects, config: { a: 2 } });
    await run('adopt');
    expect(await specs()).toEqual([{ replicas: 0 }]);
    expect(readReleaseFacts((await newest()).releaseConfig)).toMatchObject({ configValues: { a: 2 } });
    await run('recover');
    expect(await specs()).toEqual([{ replicas: 4 }]);
  });

  test('leave a release without anything of Walm, and forget what was before', async () => {
    await run('adopt');
    await run('detach');
    expect(await newest()).toMatchObject({ revision: 3, description: 'detached by alice', releaseConfig: null });
    await run('detach', { id: 'again' });
    expect((await newest()).revision).toBe(3);
    await run('pause');
    await run('recover');
    expect(await specs()).toEqual([{ replicas: 3, note: 'generated-7f3a' }, {}]);
  });

  test('do not leave a paused release to a Helm that cannot recover it', async () => {
    await run('pause');
    await expect(run('detach')).rejects.toMatchObject({ code: 'RELEASE_PAUSED' });
  });
});
