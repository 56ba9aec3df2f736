import { orderOf, taskWith } from '../../../test/harness/fakes/tasks.ts';
import { describe, expect, it } from 'vitest';
import { kubeObject, picture } from '../../../test/harness/clients/kube-objects.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { describeAmongOthers, describeRelease, LISTED_OBJECTS } from './release-info.ts';
import { toReleaseRecord } from '../release/release-record.ts';
import type { Task } from '../tasks/task.ts';

const NOW = Date.parse('2026-03-01T00:10:00Z');
const READY_WEB = kubeObject('apps/v1', 'Deployment', 'web', {
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
});
const STALLED_WEB = kubeObject('apps/v1', 'Deployment', 'web', {
  spec: { replicas: 1 },
  status: {
    observedGeneration: 1,
    conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: small' }],
  },
});

function record(given: Partial<HelmRelease> = {}) {
  const revision = recordedRevision({ releaseConfig: releaseConfig({}), ...given });
  return toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated });
}

function task(given: Partial<Task>): Task {
  return taskWith({
    id: 'install-1',
    order: orderOf('install'),
    namespace: 'demo',
    state: 'running',
    attempt: 1,
    createdAt: '2026-03-01T00:08:00Z',
    ...given,
  });
}

const FAILED = task({
  state: 'failed',
  finishedAt: '2026-03-01T00:09:00Z',
  error: { code: 'HOOK_FAILED', message: 'hook migrate failed', details: {} },
});

describe('a release that is ready', () => {
  it('has the keys of the original in its order, then those of Walm', () => {
    const facts = releaseConfig({
      configValues: { replicas: 1 },
      dependencies: { zookeeper: 'zk1' },
      dependenciesConfigValues: { ZK: { port: '2181' } },
      outputConfig: { address: 'web' },
      releaseLabels: { team: 'a' },
      repo: 'stable',
      chartImage: 'registry.example.com/web:1',
      plugins: [
        { name: 'LabelPod', args: '{}', version: '1.0', disable: false },
        { name: 'Gone', args: '', version: '', disable: true },
        { name: 'ValidateReleaseConfig', args: '', version: '', disable: false },
      ],
    });
    const info = describeRelease(
      record({ releaseConfig: facts, computedValues: { replicas: 1 } }),
      picture(READY_WEB),
      [],
      NOW,
    );
    expect(Object.keys(info ?? {})).toEqual([
      'name',
      'repoName',
      'configValues',
      'version',
      'namespace',
      'dependencies',
      'chartName',
      'chartVersion',
      'chartAppVersion',
      'ready',
      'message',
      'releaseStatus',
      'dependenciesConfigValues',
      'computedValues',
      'outputConfigValues',
      'releaseLabels',
      'plugins',
      'metaInfoValues',
      'paused',
      'chartImage',
      'status',
      'phase',
      'reason',
      'updated',
      'project',
      'pods',
      'objects',
      'waitingFor',
      'sealed',
      'tests',
      'onFailure',
      'strategy',
      'notes',
      'warnings',
    ]);
    expect(info).toMatchObject({
      name: 'web',
      repoName: 'stable',
      configValues: { replicas: 1 },
      version: 1,
      dependencies: { zookeeper: 'zk1' },
      chartAppVersion: '7',
      ready: true,
      message: '',
      dependenciesConfigValues: { ZK: { port: '2181' } },
      outputConfigValues: { address: 'web' },
      releaseLabels: { team: 'a' },
      plugins: [{ name: 'LabelPod', args: '{}', version: '1.0', disable: false }],
      metaInfoValues: null,
      paused: false,
      chartImage: 'registry.example.com/web:1',
      status: 'deployed',
      waitingFor: [],
      notes: 'Thank you',
    });
  });

  it('has null for labels when it has none, and an empty map when Walm knows nothing of it', () => {
    const labels = (config: HelmRelease['releaseConfig']) =>
      describeRelease(record({ releaseConfig: config }), picture(READY_WEB), [], NOW)?.releaseLabels;
    expect(labels(releaseConfig({}))).toBeNull();
    expect(labels(null)).toEqual({});
  });

  it('has no objects: then nothing is missing', () => {
    expect(describeRelease(record({ objects: [] }), picture(), [], NOW)?.ready).toBe(true);
  });

  it('was made by plain Helm: it says since when', () => {
    const info = describeRelease(record({ releaseConfig: null }), picture(READY_WEB), [], NOW);
    expect(info).toMatchObject({ sealed: false, outside: { revision: 0, since: '2026-03-01T00:00:00Z' } });
    expect(info?.outside?.reason).toContain('it carries no seal');
  });
});

describe('a release that is not ready', () => {
  it("says it in the original's sentence, then why", () => {
    const info = describeRelease(record(), picture(STALLED_WEB), [], NOW);
    expect(info?.ready).toBe(false);
    expect(info?.message).toBe('Deployment demo/web is in state Pending: FailedCreate: exceeded quota: small');
    expect(info?.waitingFor).toEqual([
      { kind: 'Deployment', namespace: 'demo', name: 'web', reason: 'FailedCreate', message: 'exceeded quota: small' },
    ]);
  });

  it('names an object that is not there', () => {
    expect(describeRelease(record(), picture(), [], NOW)?.message).toBe(
      'Deployment demo/web is in state NotFound: NotFound: the release records it but the cluster does not have it',
    );
  });

  it('is paused: that and nothing else', () => {
    const paused = record({ releaseConfig: releaseConfig({ plugins: [{ name: 'PauseRelease' }] }) });
    const info = describeRelease(paused, picture(STALLED_WEB), [], NOW);
    expect([info?.paused, info?.ready, info?.message, info?.waitingFor]).toEqual([
      true,
      false,
      'Release is paused now',
      [],
    ]);
  });

  it('is a revision that failed, though its objects are ready', () => {
    const info = describeRelease(
      record({ revision: 2, status: 'failed', description: 'timed out' }),
      picture(READY_WEB),
      [],
      NOW,
    );
    expect([info?.ready, info?.status, info?.message]).toEqual([
      false,
      'failed',
      'Release demo/web is in state Failed: revision 2 failed: timed out',
    ]);
  });

  it('is locked by a foreign helm', () => {
    const info = describeRelease(record({ revision: 2, status: 'pending-upgrade' }), picture(READY_WEB), [], NOW);
    expect(info?.message).toBe('locked by helm since 2026-03-01T00:00:00Z: revision 2 is pending-upgrade');
    expect(info?.ready).toBe(false);
  });
});

describe('the latest task of a release', () => {
  it('that failed says nothing of what runs: it stands beside it', () => {
    const info = describeRelease(record(), picture(READY_WEB), [FAILED], NOW);
    expect(info).toMatchObject({ ready: true, message: '' });
    expect(info?.lastFailure).toEqual({
      revision: 0,
      at: FAILED.finishedAt,
      code: FAILED.error?.code,
      message: 'hook migrate failed',
    });
    expect(info?.task).toMatchObject({ id: 'install-1', state: 'failed' });
  });

  it('is the code of the revision that it left, whose own words do without it', () => {
    const attempt = {
      revision: 2,
      status: 'failed',
      at: '2026-03-01T00:08:00Z',
      message: 'Upgrade "web" failed',
    } as const;
    const shown = (...of: Task[]) => describeRelease({ ...record(), attempt }, picture(READY_WEB), of, NOW);
    expect(shown({ ...FAILED, revision: 2 })).toMatchObject({
      version: 1,
      status: 'deployed',
      ready: true,
      message: '',
      lastFailure: { revision: 2, code: FAILED.error?.code, message: 'hook migrate failed' },
    });
    expect(shown()?.lastFailure).toEqual({
      revision: 2,
      at: attempt.at,
      code: 'REVISION_FAILED',
      message: attempt.message,
    });
  });

  it('is that of the newest request, also where it left no revision', () => {
    const message = 'Rollback "web" failed';
    const shown = (at: string) => {
      const attempt = { revision: 2, status: 'failed', at, message } as const;
      return describeRelease({ ...record(), attempt }, picture(READY_WEB), [{ ...FAILED, revision: 3 }], NOW)
        ?.lastFailure;
    };
    expect(shown('2026-01-01T00:00:00Z')).toMatchObject({ revision: 0, message: 'hook migrate failed' });
    expect(shown('2026-12-31T00:00:00Z')).toMatchObject({ revision: 2, message });
  });

  it('of plain Helm is seen above what runs', () => {
    const attempt = {
      revision: 2,
      status: 'pending-upgrade',
      at: '2026-03-01T00:08:00Z',
      message: 'Preparing',
    } as const;
    const info = describeRelease({ ...record(), attempt }, picture(READY_WEB), [], NOW);
    expect(info).toMatchObject({ version: 1, status: 'pending-upgrade', ready: false });
    expect(info?.message).toContain('locked by helm since 2026-03-01T00:08:00Z: revision 2 is pending-upgrade');
  });

  it('that runs is waited for', () => {
    const upgrading = task({ order: orderOf('upgrade'), id: 'upgrade-1' });
    expect(describeRelease(record(), picture(READY_WEB), [upgrading], NOW)?.message).toBe(
      'please wait for the release latest task upgrade-1 finished',
    );
  });

  it('that runs is shown though one behind it was cancelled, with a record and without', () => {
    const upgrading = task({ order: orderOf('upgrade'), id: 'upgrade-1' });
    const cancelled = task({ id: 'late', state: 'cancelled', finishedAt: '2026-03-01T00:09:00Z' });
    const shown = describeRelease(record(), picture(READY_WEB), [upgrading, cancelled], NOW);
    expect(shown).toMatchObject({ phase: 'changing', task: { id: 'upgrade-1' } });
    const installing = describeRelease(undefined, picture(READY_WEB), [task({}), cancelled], NOW);
    expect(installing).toMatchObject({ phase: 'changing', task: { id: 'install-1' } });
  });

  it('that installs hides a large record among others, too, though one behind it was cancelled', () => {
    const [service] = record().objects;
    const objects = Array.from({ length: LISTED_OBJECTS + 1 }, () => service ?? []).flat();
    const large = { ...record(), status: 'pending-install' as const, objects };
    const tasks = [task({}), task({ id: 'late', state: 'cancelled', finishedAt: '2026-03-01T00:09:00Z' })];
    expect(describeAmongOthers(large, picture(READY_WEB), tasks, NOW)).toEqual(
      describeRelease(large, picture(READY_WEB), tasks, NOW),
    );
  });

  it('that failed before the newest revision was written has nothing more to say', () => {
    const later = record({ updated: '2026-03-01T00:09:30Z' });
    expect(describeRelease(later, picture(READY_WEB), [FAILED], NOW)?.message).toBe('');
  });

  it('that went well is not shown, apart from its warnings', () => {
    const warnings = [{ code: 'PLUGIN_UNKNOWN', message: 'there is no plugin x' }];
    const done = task({ state: 'succeeded', finishedAt: '2026-03-01T00:09:00Z', revision: 1, warnings });
    const info = describeRelease(record(), picture(READY_WEB), [done], NOW);
    expect([info?.message, info?.task, info?.warnings]).toEqual(['', undefined, warnings]);
  });
});

describe('a release that is nothing but a task', () => {
  const NOTHING = {
    name: 'web',
    repoName: '',
    configValues: null,
    version: 0,
    namespace: 'demo',
    dependencies: null,
    chartName: '',
    chartVersion: '',
    chartAppVersion: '',
    ready: false,
    releaseStatus: null,
    dependenciesConfigValues: null,
    computedValues: null,
    outputConfigValues: null,
    releaseLabels: null,
    plugins: null,
    metaInfoValues: null,
    paused: false,
    chartImage: '',
  };

  it.each([
    ['is being installed', undefined],
    ['is being installed, and Helm has begun', record({ status: 'pending-install' })],
  ])('%s: zeros and nulls, and whom to wait for', (_name, begun) => {
    expect(describeRelease(begun, picture(), [task({})], NOW)).toMatchObject({
      ...NOTHING,
      message: 'please wait for the release latest task install-1 finished',
      task: { id: 'install-1' },
    });
  });

  it('failed a moment ago: it says why', () => {
    expect(describeRelease(undefined, picture(), [FAILED], NOW)).toMatchObject({
      ...NOTHING,
      message: 'the release latest task install-1 failed : hook migrate failed',
    });
  });

  it.each([
    ['failed five minutes ago', { ...FAILED, finishedAt: '2026-03-01T00:05:00Z' }],
    ['went well and is gone', task({ state: 'succeeded', finishedAt: '2026-03-01T00:09:59Z' })],
    ['never was', undefined],
  ])('%s: there is none', (_name, latest) => {
    expect(describeRelease(undefined, picture(), latest === undefined ? [] : [latest], NOW)).toBeNull();
  });
});

describe('what a request asked for once', () => {
  it('is shown: what happens to a failed rollout, the strategy, and that it is held', () => {
    const facts = releaseConfig({
      onFailure: 'hold',
      strategy: { type: 'Recreate' },
      held: { since: '2026-03-01T00:00:00Z', reason: 'web crashed' },
    });
    expect(describeRelease(record({ releaseConfig: facts }), picture(READY_WEB), [], NOW)).toMatchObject({
      onFailure: 'hold',
      strategy: { type: 'Recreate' },
      held: { since: '2026-03-01T00:00:00Z', reason: 'web crashed' },
    });
    expect(describeRelease(record(), picture(READY_WEB), [], NOW)).toMatchObject({
      onFailure: 'none',
      strategy: null,
    });
  });

  it('does not look well once plain helm has emptied it', () => {
    const foreign = { ...record(), objects: [], outside: { revision: 1, since: '2026-03-01T00:00:00Z' } };
    expect(describeRelease(foreign, picture(), [], NOW)).toMatchObject({
      ready: false,
      waitingFor: [{ kind: 'Release', reason: 'Empty' }],
    });
    expect(describeRelease({ ...record(), objects: [] }, picture(), [], NOW)).toMatchObject({ ready: true });
  });
});
