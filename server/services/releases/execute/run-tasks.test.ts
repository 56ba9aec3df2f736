import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { jobsHere } from '../../../../test/harness/fakes/jobs-here.ts';
import { createMemoryChartArchives } from '../../../adapters/memory/chart-archives.ts';
import { createMemoryChartFolder } from '../../../adapters/memory/chart-folder.ts';
import { createMemoryClaims } from '../../../adapters/memory/claims.ts';
import { createMemoryHelm, type MemoryHelm } from '../../../adapters/memory/helm-releases.ts';
import { createManualClock, type ManualClock } from '../../../adapters/memory/manual-clock.ts';
import { createMemoryNamespaces } from '../../../adapters/memory/namespaces.ts';
import { createMemoryTaskStore } from '../../../adapters/memory/task-store.ts';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { MAX_RACES } from '../../../domain/errors/too-many-attempts.ts';
import type { ExistingClaim } from '../../../domain/release/release-claims.ts';
import type { DeleteOrder, InstallOrder, Task, TaskOrder } from '../../../domain/tasks/task.ts';
import { orderOf } from '../../../../test/harness/fakes/tasks.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { createDropArchive } from '../../charts/collect-archives.ts';
import { createKeepArchive, createRestoreArchive } from '../../charts/keep-archive.ts';
import { createKnownArchives } from '../../charts/known-archives.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import { createAwaitUnlock } from './await-unlock.ts';
import { createCleanFailedInstall } from './clean-failed-install.ts';
import { hideLayers, hideShipped } from '../../../domain/masking/hide-layers.ts';
import { createBuildRelease } from '../compose/build-release.ts';
import { createObserveRelease } from '../observe/observe-release.ts';
import { createRunDelete } from './run-delete.ts';
import { createRunInstall } from './run-install.ts';
import { createOperationTime } from '../../../domain/tasks/operation-time.ts';

const bytes = Buffer.from('a chart');
const digest = createHash('sha256').update(bytes).digest('hex');
const origin = { kind: 'archive', ref: 'chart.tgz', version: '1.0.0', digest } as const;
const FOREIGN_LOCK_MS = 900_000;

let clock: ManualClock;
let helm: MemoryHelm;
let namespaces: ReturnType<typeof createMemoryNamespaces>;
let archives: ReturnType<typeof createMemoryChartArchives>;
let existingClaims: Record<string, ExistingClaim[]>;
let observed: (HelmRelease | null)[];
let saved: Partial<Task>[];
let reported: string[];
/** Tasks of the release `shop/rival`. */
let rivals: Task[];
/** All tasks of the release. */
let earlier: Task[];
let runInstall: TaskExecutor<InstallOrder>;
let runDelete: TaskExecutor<DeleteOrder>;

function taskOf<Order extends TaskOrder>(order: Order, changes: Partial<Task> = {}): Task<Order> {
  return {
    id: 'mine',
    namespace: 'shop',
    release: 'web',
    state: 'running',
    attempt: 1,
    caller: null,
    requestId: 'r',
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    ...changes,
    order,
  };
}

function install(changes: Partial<Task> = {}, createNamespace = false): Task<InstallOrder> {
  const request = { name: 'web', configValues: { replicas: 2 } };
  const judged = { waitReady: true, allowMissing: false };
  return taskOf({ kind: 'install', request, origin, createNamespace, crds: 'create', ...judged }, changes);
}

/** One run of a task by a process that knows only what is durable. */
async function run<Order extends TaskOrder>(executor: TaskExecutor<Order>, task: Task<Order>) {
  let current: Task = task;
  return executor(task, {
    signal: new AbortController().signal,
    report: ({ message }) => reported.push(message),
    save(changes) {
      saved.push(changes);
      current = { ...current, ...changes };
      return Promise.resolve(current);
    },
  });
}

const statuses = async (name = 'web') =>
  (await helm.releaseHistory({ identity: null, namespace: 'shop', name })).map(({ status }) => status);

beforeEach(async () => {
  [rivals, earlier] = [[], []];
  clock = createManualClock();
  helm = createMemoryHelm(clock);
  namespaces = createMemoryNamespaces(['shop']);
  archives = createMemoryChartArchives({ clock, isReferenced: () => false });
  existingClaims = {};
  const folder = createMemoryChartFolder();
  await folder.write(digest, bytes);
  [observed, saved, reported] = [[], [], []];
  const keeping = { folder, archives, known: createKnownArchives() };
  const shared = {
    engine: helm,
    namespaces,
    operationTime: createOperationTime(1000),
    liveView: { observe: (_: string, release: HelmRelease | null) => Promise.resolve(void observed.push(release)) },
    keepArchive: createKeepArchive(keeping),
    restoreArchive: createRestoreArchive({ ...keeping, stagingNamespace: 'walm-system' }),
    dropArchive: createDropArchive({
      archives,
      stagingNamespace: 'walm-system',
      store: createMemoryTaskStore(),
      clock,
    }),
    chartFacts: () =>
      Promise.resolve({
        name: 'chart',
        version: '1.0.0',
        appVersion: '1',
        metainfo: null,
        values: {},
        readWords: null,
        secrets: { schemas: [], paths: [] },
        warnings: [],
      }),
    buildRelease: createBuildRelease({
      injectDependencies: () => Promise.resolve({ values: {}, shown: {}, injected: [], warnings: [] }),
      transformDocuments: () => ({ run: () => ({ changed: [], added: [], warnings: [] }), always: false }),
      hideLayers: (input) => Promise.resolve(hideLayers(input)),
      hideShipped: (input) => Promise.resolve(hideShipped(input)),
      sourceAsAsked: false,
    }),
    findSecrets: jobsHere.findSecrets,
    observeRelease: createObserveRelease({ engine: helm }),
    tasks: {
      tasksOf: () => earlier,
      unfinishedOf: (key: string) => (key === 'shop/rival' ? rivals.map((task) => ({ task, version: 1 })) : []),
    },
    awaitUnlock: createAwaitUnlock({
      engine: helm,
      tasks: { tasksOf: () => [], unfinishedOf: () => [] },
      observeRelease: createObserveRelease({ engine: helm }),
      clock,
      foreignLockMs: FOREIGN_LOCK_MS,
    }),
  };
  const awaitProviders = () => Promise.resolve(null);
  runInstall = createRunInstall({ ...shared, awaitProviders, cleanFailedInstall: createCleanFailedInstall(shared) });
  runDelete = createRunDelete({ ...shared, clock, claims: createMemoryClaims(existingClaims) });
});

describe('an install', () => {
  test('makes the release, says its revision before it writes, and keeps the archive', async () => {
    expect(await run(runInstall, install())).toEqual({ revision: 1, warnings: [] });
    expect(saved).toEqual([{ revision: 1 }]);
    expect(await statuses()).toEqual(['deployed']);
    expect(await archives.get('shop', digest, null)).not.toBeNull();
    expect(observed.map((release) => release?.status)).toEqual(['deployed']);
  });

  test('that fails leaves nothing, and names what stays', async () => {
    await archives.put('made', { digest, bytes }, 'mine', null);
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'made', name: 'data', object: {} };
    helm.chart(digest, { name: 'chart', version: '1.0.0', render: () => [{ index: 0, source: '', ...claim }] });
    helm.interruptNext(() => problem('HOOK_FAILED', 'the hook failed'));
    const task = install({ namespace: 'made' }, true);
    await expect(run(runInstall, task)).rejects.toMatchObject({
      code: 'HOOK_FAILED',
      details: { remains: [{ kind: 'PersistentVolumeClaim', name: 'data' }] },
    });
    expect(await archives.list()).toEqual([]);
    expect(await namespaces.names()).toEqual(['shop']);
  });

  describe('that finds one of its objects made by another install', () => {
    beforeEach(() => {
      const owner = { namespace: 'shop', name: 'rival' };
      helm.interruptNext(() => problem('RESOURCE_EXISTS', 'Role r belongs to release rival', { owner }));
    });
    const rival = (changes: Partial<Task>): Task => ({ ...install({ id: 'theirs', release: 'rival' }), ...changes });

    test('makes room and tries again where that one came later and has not ended', async () => {
      rivals = [rival({ createdAt: '2026-01-01T00:00:01.000Z' })];
      expect(await run(runInstall, install())).toEqual({ recheckMs: 500 });
      expect(await statuses()).toEqual([]);
      rivals = [];
      expect(await run(runInstall, install())).toEqual({ revision: 1, warnings: [] });
    });

    test.each([
      { createdAt: '2025-12-31T00:00:00.000Z' },
      { createdAt: '2026-01-01T00:00:01.000Z', order: orderOf('upgrade') },
    ])('fails where nothing promises that it goes: %j', async (other) => {
      rivals = [rival(other)];
      await expect(run(runInstall, install())).rejects.toMatchObject({ code: 'RESOURCE_EXISTS' });
      expect(await statuses()).toEqual([]);
    });
  });

  test('that fails and cannot be taken back answers why it failed, and what its objects wait for', async () => {
    const hanging = { kind: 'ConfigMap', namespace: 'shop', name: 'hold' };
    helm.interruptNext(() => problem('MANIFEST_INVALID', 'replicas is -1', { file: 'a.yaml' }));
    vi.spyOn(helm, 'removeFailedInstall').mockImplementationOnce((_, call) => {
      call?.onProgress?.({ phase: 'wait', message: 'waiting for ConfigMap hold' });
      return Promise.reject(problem('OPERATION_TIMEOUT', 'ConfigMap hold is still there', {}, hanging));
    });
    await expect(run(runInstall, install())).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: 'replicas is -1; what it had made could not be removed: ConfigMap hold is still there',
      details: { file: 'a.yaml', remains: [hanging] },
    });
    expect(reported).toContain('waiting for ConfigMap hold');
    expect(await statuses()).toEqual(['failed']);
  });

  test.each(['CLUSTER_UNREACHABLE', 'ENGINE_STOPPED'] as const)(
    'that fails is taken back by the next attempt where the answer was %s',
    async (code) => {
      helm.interruptNext(() => problem('MANIFEST_INVALID', 'replicas is -1'));
      vi.spyOn(helm, 'removeFailedInstall').mockRejectedValueOnce(problem(code, 'try again'));
      await expect(run(runInstall, install())).rejects.toMatchObject({ code });
    },
  );

  test('that fails is taken back in the time that its request gave', async () => {
    const removing = vi.spyOn(helm, 'removeFailedInstall');
    for (const [operationTimeoutMs, wanted] of [
      [undefined, 1000],
      [7000, 7000],
    ] as const) {
      helm.interruptNext(() => problem('HOOK_FAILED', 'the hook failed'));
      const task = install({ ...(operationTimeoutMs !== undefined && { operationTimeoutMs }) });
      await expect(run(runInstall, task)).rejects.toMatchObject({ code: 'HOOK_FAILED' });
      expect(removing.mock.lastCall?.[0].timeoutMs).toBe(wanted);
    }
  });

  test.each([2, 3])('that comes true while attempt %i is about to clear it away is done', async (attempt) => {
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(run(runInstall, install())).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    const clearing = vi.spyOn(helm, 'removeFailedInstall');
    const settling = vi.spyOn(helm, 'settle').mockImplementationOnce(() => {
      const look = helm.releaseHistory.bind(helm);
      const deployed = async (...asked: Parameters<typeof look>) =>
        (await look(...asked)).map((revision) => ({ ...revision, status: 'deployed' as const }));
      vi.spyOn(helm, 'releaseHistory').mockImplementation(deployed);
      return Promise.reject(problem('REVISION_MISMATCH', 'it was written meanwhile'));
    });
    expect(await run(runInstall, install({ attempt, revision: 1 }))).toEqual({ revision: 1 });
    expect(settling).toHaveBeenCalledOnce();
    expect(clearing).not.toHaveBeenCalled();
  });

  test.each([
    ['Release "web" failed: exceeded quota', true, 'QUOTA_EXCEEDED', 'the install failed: no room'],
    [
      'Release "web" failed: exceeded quota',
      false,
      'REVISION_FAILED',
      'the install failed: Release "web" failed: exceeded',
    ],
    [
      'Release "web" failed: failed post-install: no',
      false,
      'HOOK_FAILED',
      'the install failed: Release "web" failed: ',
    ],
  ])(
    'that had failed before the process ended is not done again: %s, noted: %s',
    async (description, isNoted, code, told) => {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'b' };
      const failure = { code: 'QUOTA_EXCEEDED', message: 'no room', details: { object, file: 'c/b.yaml' } } as const;
      const releaseConfig = { metadata: { annotations: { 'walm.io/task': install().id } } };
      const own = { namespace: 'shop', name: 'web', revision: 1, releaseConfig } as const;
      const failed = recordedRevision({ ...own, status: 'failed', description });
      helm.record({ ...failed, ...(isNoted && { failure }) });
      await expect(run(runInstall, install({ attempt: 2, revision: 1 }))).rejects.toMatchObject({
        code,
        message: expect.stringContaining(told) as string,
        ...(isNoted && { details: { object, file: 'c/b.yaml', remains: [] } }),
      });
      expect(await statuses()).toEqual([]);
    },
  );

  test('whose engine died in the middle is cleared away and done again', async () => {
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(run(runInstall, install())).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    expect(await statuses()).toEqual(['pending-install']);
    expect(await run(runInstall, install({ attempt: 2, revision: 1 }))).toMatchObject({ revision: 1 });
    expect(await statuses()).toEqual(['deployed']);
  });

  test('that brings the engine down again and again is given up', async () => {
    helm.interruptNext(() => problem('ENGINE_STOPPED', 'it died'));
    await expect(run(runInstall, install({ attempt: 2 }))).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await expect(run(runInstall, install({ attempt: 3, revision: 1 }))).rejects.toMatchObject({
      message: 'the install was interrupted 3 times and is given up',
    });
    expect(await statuses()).toEqual([]);
  });

  test('whose answer got lost is finished, and not done twice', async () => {
    await run(runInstall, install());
    expect(await run(runInstall, install({ attempt: 2, revision: 1 }))).toEqual({ revision: 1 });
    expect(await statuses()).toEqual(['deployed']);
  });

  test('that others have gone on from is done, and its answer got lost', async () => {
    await run(runInstall, install());
    helm.write('shop', 'web', 2, 'deployed');
    expect(await run(runInstall, install({ attempt: 2, revision: 1 }))).toEqual({ revision: 1 });
    expect(await archives.get('shop', digest, null)).not.toBeNull();
  });

  test('whose record another process has written meanwhile reads again, a limited number of times', async () => {
    const race = () => problem('REVISION_MISMATCH', 'somebody else wrote it');
    helm.interruptNext(race);
    expect(await run(runInstall, install())).toMatchObject({ revision: 1 });
    expect(await statuses()).toEqual(['deployed']);
    for (let i = 0; i < 20; i += 1) helm.interruptNext(race);
    await expect(run(runInstall, install({ release: 'raced' }))).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
  });

  test('of a name that is in use is refused', async () => {
    helm.write('shop', 'web', 4, 'deployed');
    await expect(run(runInstall, install())).rejects.toMatchObject({ code: 'RELEASE_EXISTS' });
    expect(await archives.list()).toEqual([]);
  });

  test('waits for a foreign operation, and treats it as dead after a time', async () => {
    helm.write('shop', 'web', 1, 'pending-install');
    expect(await run(runInstall, install())).toEqual({ recheckMs: 1000 });
    expect(reported[0]).toMatch(/^locked by helm since 2026-01-01T00:00:00/);
    await clock.advance(FOREIGN_LOCK_MS);
    expect(await run(runInstall, install())).toMatchObject({ revision: 2 });
    expect(await statuses()).toEqual(['failed', 'deployed']);
  });

  test('finds its archive in the cluster when the chart folder was lost, or says that it is nowhere', async () => {
    const elsewhere = { ...origin, digest: 'f'.repeat(64) };
    const task = install();
    const order = { ...task.order, origin: elsewhere };
    await expect(run(runInstall, { ...task, order })).rejects.toMatchObject({ code: 'CHART_NOT_RECORDED' });
    expect(await statuses()).toEqual([]);
  });
});

describe('a delete', () => {
  const statefulSet = {
    index: 0,
    source: '',
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    namespace: 'shop',
    name: 'zk',
    object: {
      metadata: { name: 'zk' },
      spec: { selector: { matchLabels: { app: 'zk' } }, volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
    },
  };
  const remove = (changes: Partial<Task> = {}, deletePvcs = false, ignoreNotFound = false) =>
    taskOf({ kind: 'delete', deletePvcs, ignoreNotFound }, changes);

  test('removes release and archive, and readers know at once', async () => {
    await run(runInstall, install());
    await run(runDelete, remove());
    expect(await statuses()).toEqual([]);
    expect(await archives.list()).toEqual([]);
    expect(observed.at(-1)).toBeNull();
  });

  test('removes the claims of all kept revisions where that is asked for, and no others', async () => {
    helm.write('shop', 'web', 1, 'superseded', [statefulSet]);
    helm.write('shop', 'web', 2, 'deployed');
    const labels = { app: 'zk' };
    existingClaims['shop'] = [
      { name: 'data-zk-0', labels },
      { name: 'data-zk-1', labels, kept: true },
      { name: 'data-other-0', labels },
    ];
    const result = await run(runDelete, remove({}, true));
    expect(saved).toEqual([
      expect.objectContaining({ revision: 2, order: expect.objectContaining({ claims: ['data-zk-0'] }) }),
    ]);
    expect(existingClaims['shop']?.map(({ name }) => name)).toEqual(['data-zk-1', 'data-other-0']);
    expect(result).toMatchObject({ warnings: [{ code: 'OBJECT_KEPT' }] });
  });

  test('that was interrupted after the release had gone finishes what goes after it', async () => {
    await archives.put('shop', { digest, bytes }, 'mine', null);
    const started: DeleteOrder = {
      kind: 'delete',
      deletePvcs: false,
      ignoreNotFound: false,
      claims: [],
      digests: [digest],
    };
    await run(runDelete, taskOf(started, { attempt: 2, revision: 1 }));
    expect(await archives.list()).toEqual([]);
  });

  test('of a release that is not there is refused, or nothing, as asked', async () => {
    await expect(run(runDelete, remove())).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
    await expect(run(runDelete, remove({}, false, true))).resolves.toEqual({});
  });

  test('of a release of which objects still hang says which, as the delete before it did', async () => {
    const message = 'ConfigMap hold is still there: held by example.com/hold';
    const failed = remove({
      id: 'earlier',
      state: 'failed',
      error: { code: 'OPERATION_TIMEOUT', message, details: {} },
    });
    const task = remove({ id: 'later', state: 'running' });
    earlier = [{ ...failed, finishedAt: new Date(clock.now()).toISOString() }, task];
    await expect(run(runDelete, task)).rejects.toMatchObject({
      code: 'RELEASE_NOT_FOUND',
      message: expect.stringContaining(message) as string,
    });
  });

  test('does not remove a revision that the caller has not seen', async () => {
    helm.write('shop', 'web', 2, 'deployed');
    await expect(run(runDelete, remove({ expectedRevision: 1 }))).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    expect(await statuses()).toEqual(['deployed']);
  });

  test('looks again where another process wrote the record meanwhile, but not forever', async () => {
    const lost = () => problem('REVISION_MISMATCH', 'another process wrote the record');
    helm.write('shop', 'web', 2, 'deployed');
    helm.interruptNext(lost);
    await run(runDelete, remove());
    expect(await statuses()).toEqual([]);
    helm.write('shop', 'web', 1, 'deployed');
    for (let race = 0; race <= MAX_RACES; race += 1) helm.interruptNext(lost);
    await expect(run(runDelete, remove())).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    expect(await statuses()).toEqual(['deployed']);
  });

  test('waits while a foreign upgrade runs', async () => {
    helm.write('shop', 'web', 2, 'pending-upgrade');
    expect(await run(runDelete, remove())).toEqual({ recheckMs: 1000 });
    expect(await statuses()).toEqual(['pending-upgrade']);
  });
});
