import { describe, expect, test } from 'vitest';

import { hasEnded, logSources, type LogChoice } from './log-sources.ts';

const ALL: LogChoice = { pods: [], container: undefined, allContainers: true, previous: false };

function pod(name: string, own: object = {}) {
  return {
    namespace: 'demo',
    name,
    createdAt: '2026-01-01T00:00:00Z',
    phase: 'Running',
    annotations: {},
    initContainers: [{ name: 'init', restartCount: 0 }],
    containers: [
      { name: 'app', restartCount: 0 },
      { name: 'proxy', restartCount: 2 },
    ],
    ...own,
  };
}

const named = (sources: ReturnType<typeof logSources>) => sources.map((source) => `${source.pod}/${source.container}`);

describe('the containers whose logs are meant', () => {
  test.each([
    ['all of all pods', {}, ['a/init', 'a/app', 'a/proxy', 'b/init', 'b/app', 'b/proxy']],
    ['those of one pod', { pods: ['b'] }, ['b/init', 'b/app', 'b/proxy']],
    ['those of a name', { container: 'proxy' }, ['a/proxy', 'b/proxy']],
    ['init containers by their name', { container: 'init', allContainers: false }, ['a/init', 'b/init']],
    ['the first of each pod', { allContainers: false }, ['a/app', 'b/app']],
    ['those that were restarted', { previous: true }, ['a/proxy', 'b/proxy']],
    ['none', { container: 'none' }, []],
  ] as const)('%s', (_, choice, expected) => {
    expect(named(logSources([pod('a'), pod('b')], { ...ALL, ...choice }))).toEqual(expected);
  });

  test('the default container that a pod names, if it has it', () => {
    const marked = (name: string) => pod('a', { annotations: { 'kubectl.kubernetes.io/default-container': name } });
    expect(named(logSources([marked('proxy')], { ...ALL, allContainers: false }))).toEqual(['a/proxy']);
    expect(named(logSources([marked('none')], { ...ALL, allContainers: false }))).toEqual(['a/app']);
    expect(logSources([pod('a', { containers: [] })], { ...ALL, allContainers: false })).toEqual([]);
  });

  test('a pod that was made again has another key', () => {
    const [first] = logSources([pod('a')], ALL);
    const [second] = logSources([pod('a', { createdAt: '2026-01-01T00:00:01Z' })], ALL);
    expect(first?.key).not.toBe(second?.key);
  });

  test('a pod has ended when its phase says so', () => {
    expect(
      ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'].filter((phase) => hasEnded(pod('a', { phase }))),
    ).toEqual(['Succeeded', 'Failed']);
  });
});
