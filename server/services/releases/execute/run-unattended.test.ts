import { beforeEach, expect, test } from 'vitest';
import { jobsHere } from '../../../../test/harness/fakes/jobs-here.ts';
import { person } from '../../../../test/harness/fakes/person.ts';
import { recordedRevision, releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryHelm, type MemoryHelm } from '../../../adapters/memory/helm-releases.ts';
import { createMemoryLiveObjects, type MemoryLiveObjects } from '../../../adapters/memory/live-objects.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { pauseToJson, withPausePlugin } from '../../../domain/workloads/pause-state.ts';
import { readReleaseFacts } from '../../../domain/release/release-facts.ts';
import type { SealState } from '../../../domain/seals/seal-state.ts';
import type { PauseOrder, Task } from '../../../domain/tasks/task.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { createGuardUnattended } from '../../automation/guard-unattended.ts';
import type { TaskExecutor } from '../../tasks/task-executor.ts';
import { createAwaitUnlock } from './await-unlock.ts';
import { createFindManaged } from '../observe/find-managed.ts';
import { createObserveRelease } from '../observe/observe-release.ts';
import { hideRecorded } from '../../../domain/masking/hide-recorded.ts';
import { createRewriteRelease } from './rewrite-release.ts';
import { createRunPause } from './run-pause.ts';
import { createOperationTime } from '../../../domain/tasks/operation-time.ts';

const ann = person('ann');
const since = '2026-01-01T00:00:00Z';
const TARGET = { identity: null, namespace: 'demo', name: 'web' };
const sealedBy = (by: Task['caller']): SealState => ({ sealed: true, by, at: since, operation: 'upgrade' });
const rules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 } as const;

let helm: MemoryHelm;
let live: MemoryLiveObjects;
let pause: TaskExecutor<PauseOrder>;
/** What a tenant does after the server has read the records, and before Helm does. */
let between: () => void;

const revision = (given: Partial<HelmRelease>) =>
  recordedRevision({ releaseConfig: releaseConfig({ onFailure: 'pause' }), seal: sealedBy(ann), ...given });

beforeEach(() => {
  const clock = createManualClock();
  helm = createMemoryHelm(clock);
  live = createMemoryLiveObjects();
  between = () => undefined;
  const engine: MemoryHelm = {
    ...helm,
    rewriteRelease(request, call) {
      between();
      return helm.rewriteRelease(request, call);
    },
  };
  const findManaged = createFindManaged({ engine });
  const guard = createGuardUnattended({ rules, clock });
  pause = createRunPause({
    engine,
    guard,
    observeRelease: createObserveRelease({ engine }),
    findManaged,
    findSecrets: jobsHere.findSecrets,
    awaitUnlock: createAwaitUnlock({
      engine,
      tasks: { tasksOf: () => [], unfinishedOf: () => [] },
      observeRelease: createObserveRelease({ engine }),
      clock,
      foreignLockMs: 1000,
    }),
    liveView: { observe: () => Promise.resolve() },
    rewriteRelease: createRewriteRelease({
      engine,
      hideRecorded: (input) => Promise.resolve(hideRecorded(input)),
      operationTime: createOperationTime(1000),
      maxHistory: 10,
    }),
    live,
    workloads: { scale: () => Promise.resolve() },
    clock,
    pauseDaemonSets: false,
  });
});

/** Pauses the release, automatically unless `changes` says otherwise; returns the newest revision then. */
async function run(changes: Partial<Task> = { unattended: { since } }): Promise<number | undefined> {
  let task: Task<PauseOrder> = {
    id: 'p1',
    namespace: 'demo',
    release: 'web',
    state: 'running',
    attempt: 1,
    caller: ann,
    requestId: 'r',
    createdAt: since,
    warnings: [],
    ...changes,
    order: { kind: 'pause' },
  };
  const signal = new AbortController().signal;
  const save = async (saved: Partial<Task>) => (task = { ...task, ...saved, order: task.order });
  await pause(task, { signal, report: () => undefined, save });
  return (await helm.getRelease(TARGET))?.revision;
}

const NOT_SEALED = { code: 'RELEASE_NOT_SEALED' };

test('what was sealed is acted on, and sealed again as what was done', async () => {
  helm.record(revision({ revision: 1 }));
  expect(await run()).toBe(2);
  expect((await helm.getRelease(TARGET))?.seal).toEqual({ sealed: true, by: ann, at: since, operation: 'pause' });
});

test('an unsealed release is changed on request only', async () => {
  helm.record(revision({ revision: 1, seal: { sealed: false, reason: 'it was edited' } }));
  await expect(run()).rejects.toMatchObject(NOT_SEALED);
  expect(await run({})).toBe(2);
});

test('a later revision of another caller is left alone', async () => {
  helm.record(revision({ revision: 1, seal: sealedBy(person('bob')) }));
  await expect(run()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test.each<[string, Partial<HelmRelease>]>([
  ['values', { config: { forged: true } }],
  ['objects', { objects: [] }],
  ['chart', { chartVersion: '6.6.6' }],
  ['facts', { releaseConfig: releaseConfig({ onFailure: 'hold' }) }],
  ['seal', { seal: { sealed: false, reason: 'it was edited' } }],
])('a record whose %s are exchanged after that is not acted on', async (_, forged) => {
  const honest = revision({ revision: 1 });
  helm.record(honest);
  between = () => helm.record({ ...honest, ...forged });
  await expect(run()).rejects.toMatchObject(NOT_SEALED);
  expect(await helm.releaseHistory(TARGET)).toEqual([expect.anything(), expect.objectContaining({ revision: 1 })]);
});

test('whoever has the release of another paused leaves the seal to them, but not of what was put in its place', async () => {
  const bob = person('bob');
  const honest = revision({ revision: 1 });
  helm.record(honest);
  between = () => {
    between = () => undefined;
    helm.record({ ...honest, config: { forged: true }, seal: { sealed: false, reason: 'it was edited' } });
  };
  expect(await run({ caller: bob })).toBe(2);
  expect((await helm.getRelease(TARGET))?.seal).toMatchObject({ sealed: true, by: bob });
  helm.record(revision({ revision: 3 }));
  expect(await run({ caller: bob })).toBe(4);
  expect((await helm.getRelease(TARGET))?.seal).toMatchObject({ sealed: true, by: ann });
});

test('the revision that Helm compares with has to be sealed, too', async () => {
  helm.record(revision({ revision: 1, seal: { sealed: false, reason: 'it was edited' } }));
  helm.record(revision({ revision: 2, status: 'failed' }));
  await expect(run()).rejects.toMatchObject(NOT_SEALED);
});

test('and stays the one that was looked at', async () => {
  const deployed = revision({ revision: 1 });
  const newest = revision({ revision: 3, status: 'failed' });
  helm.record(deployed);
  helm.record(newest);
  between = () => {
    helm.record({ ...deployed, revision: 2 });
    helm.record({ ...newest });
  };
  await expect(run()).rejects.toMatchObject(NOT_SEALED);
});

test.each<[string, SealState, number]>([
  ['sealed', sealedBy(ann), 9],
  ['not sealed', { sealed: false, reason: 'it was edited' }, 0],
])('replicas that a failed pause remembers count where it is %s', async (_, seal, remembered) => {
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'web' };
  const stopped = { since, objects: [{ ...web, field: 'replicas' as const }], live: [{ ...web, replicas: 9 }] };
  const plugins = withPausePlugin([]).map((plugin) => ({ ...plugin }));
  const config = releaseConfig({ onFailure: 'pause', plugins, pause: pauseToJson({ ...stopped, notPaused: [] }) });
  live.put({ ...web, metadata: { name: 'web', namespace: 'demo', uid: 'web' }, spec: { replicas: 0 } });
  helm.record(revision({ revision: 1 }));
  helm.record(revision({ revision: 2, status: 'failed', releaseConfig: config, seal }));
  helm.record(revision({ revision: 3, status: 'failed' }));
  expect(await run()).toBe(4);
  const written = readReleaseFacts((await helm.getRelease(TARGET))?.releaseConfig ?? null);
  expect(written?.pause?.['live']).toEqual([{ ...web, replicas: remembered }]);
});
