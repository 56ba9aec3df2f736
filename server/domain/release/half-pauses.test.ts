import { describe, expect, it } from 'vitest';
import { kubeObject, picture } from '../../../test/harness/clients/kube-objects.ts';
import { releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { countsBefore, countsToRestore, halfPauses } from './half-pauses.ts';
import { type LiveCount, pauseToJson, withPausePlugin } from '../workloads/pause-state.ts';

const web = (replicas: number): LiveCount => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'demo',
  name: 'web',
  replicas,
});
const stopped = { kind: 'Deployment', namespace: 'demo', name: 'web', field: 'replicas', value: 2 } as const;
const half = (live: LiveCount[]) => ({ since: '', objects: [stopped], live, notPaused: [] });
const revision = (spec: Parameters<typeof releaseConfig>[0]) => ({ releaseConfig: releaseConfig(spec) });
const plugins = withPausePlugin([]).map((plugin) => ({ ...plugin }));

describe('what a pause that failed half-way has stopped', () => {
  it('is taken from its revision, while the live objects are not paused', () => {
    const attempt = revision({ plugins, pause: pauseToJson(half([web(5)])) });
    expect(halfPauses(revision({}), [revision({}), attempt])).toEqual([half([web(5)])]);
    expect(halfPauses(revision({ plugins }), [attempt])).toEqual([]);
    expect(halfPauses({ releaseConfig: null }, [{ releaseConfig: null }])).toEqual([]);
  });

  it.each([
    ['had others than its manifest', [web(0)], [half([web(5)])], [web(5)]],
    ['had those of its manifest', [web(0)], [half([])], []],
    ['was seen stopped by the next attempt, too', [web(0)], [half([web(5)]), half([web(0)])], [web(5)]],
    ['was scaled since', [web(7)], [half([web(5)])], [web(7)]],
    ['was scaled to nothing by others', [web(0)], [], [web(0)]],
  ])('is remembered as it ran where it %s', (_what, live, halves, expected) => {
    expect(countsBefore(live, halves)).toEqual(expected);
  });

  it.each([
    [0, [web(5)]],
    [1, []],
  ])('is given back by the next change where it has %i', (replicas, expected) => {
    const view = picture(kubeObject('apps/v1', 'Deployment', 'web', { spec: { replicas } }));
    expect(countsToRestore(view, [half([web(5)])])).toEqual(expected);
  });
});
