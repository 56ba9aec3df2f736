import { describe, expect, it } from 'vitest';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { pauseToJson } from '../workloads/pause-state.ts';
import { NEW_RELEASE, type RecordedRequest } from '../request/release-request.ts';
import { carryPause, rolledBackRequest } from './rollback-plan.ts';

const plugin = (name: string) => ({ name, args: '', version: '', disable: false });

describe('what a release consists of after a rollback', () => {
  const then: RecordedRequest = {
    ...NEW_RELEASE,
    configValues: { a: 1 },
    plugins: [plugin('LabelPod'), plugin('PauseRelease')],
    dependencies: { zookeeper: 'old' },
    releaseLabels: { team: 'old' },
    outputs: { address: 'x' },
  };
  const now: RecordedRequest = {
    ...NEW_RELEASE,
    configValues: { a: 2, b: 3 },
    plugins: [plugin('Tolerations')],
    dependencies: { zookeeper: 'new' },
    releaseLabels: { team: 'new' },
    project: 'shop',
    commonValues: { zone: 'a' },
  };

  it('is values and plugins of then; pause, labels, project and dependencies of now', () => {
    expect(rolledBackRequest(then, now)).toEqual({
      ...NEW_RELEASE,
      configValues: { a: 1 },
      plugins: [plugin('LabelPod')],
      dependencies: { zookeeper: 'new' },
      releaseLabels: { team: 'new' },
      outputs: { address: 'x' },
      project: 'shop',
      commonValues: { zone: 'a' },
    });
  });

  it('stays paused while it is paused', () => {
    const paused = { ...now, plugins: [plugin('PauseRelease')], pause: { since: 'x' } };
    const back = rolledBackRequest({ ...then, plugins: [plugin('LabelPod')] }, paused);
    expect(back.plugins.map(({ name }) => name)).toEqual(['LabelPod', 'PauseRelease']);
    expect(back.pause).toEqual({ since: 'x' });
  });
});

describe('the pause of now on the documents of then', () => {
  const rules = { daemonSets: true, isFinishedJob: () => false };
  const documents = (replicas: number): ManifestDocument[] => [
    {
      index: 0,
      source: 'web/templates/web.yaml',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'demo',
      name: 'web',
      object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas } },
    },
  ];
  const entry = { kind: 'Deployment', namespace: 'demo', name: 'web', field: 'replicas' as const, value: 3 };
  const before = pauseToJson({ since: 'then', objects: [entry], live: [], notPaused: [] });
  const now = pauseToJson({ since: 'now', objects: [{ ...entry, value: 9 }], live: [], notPaused: [] });
  const replicasAfter = (replicas: number, states: Parameters<typeof carryPause>[2]) => {
    const { transform } = carryPause(documents(replicas), rules, states);
    const changes = transform?.(documents(replicas), { recorded: true, compared: false, served: () => true });
    return changes?.changed.map(({ object }) => object?.['spec']);
  };

  it('is nothing where neither is paused', () => {
    expect(carryPause(documents(3), rules, { before: null, now: null })).toEqual({ transform: null, pause: null });
  });

  it('gives back what the pause of then took', () => {
    expect(replicasAfter(0, { before, now: null })).toEqual([{ replicas: 3 }]);
  });

  it('pauses what ran then, and remembers how it ran', () => {
    expect(replicasAfter(3, { before: null, now })).toEqual([{ replicas: 0 }]);
    expect(carryPause(documents(3), rules, { before: null, now }).pause).toMatchObject({
      since: 'now',
      objects: [entry],
    });
  });

  it('leaves paused documents alone, with what they remember', () => {
    expect(carryPause(documents(0), rules, { before, now })).toMatchObject({
      transform: null,
      pause: { since: 'now', objects: [entry] },
    });
  });
});
