import { expect, test } from 'vitest';

import type { ManifestDocument } from '../kube/manifest-document.ts';
import { finishedPods, stayingHooks } from './staying-hooks.ts';

function hook(kind: string, name: string, events: string[], deletePolicies: string[] = []): ManifestDocument {
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'v1';
  const object = { apiVersion, kind, metadata: { name } };
  const facts = { events, weight: 0, deletePolicies };
  return { index: 0, source: 'x', apiVersion, kind, namespace: 'shop', name, hook: facts, object };
}

const names = (documents: readonly ManifestDocument[]) => documents.map(({ name }) => name);

test('what an install leaves of its hooks', () => {
  const { objects, finished } = stayingHooks([
    hook('ConfigMap', 'settings', ['pre-install', 'pre-upgrade']),
    hook('ConfigMap', 'of-upgrades', ['pre-upgrade']),
    hook('Job', 'migrate', ['post-install'], ['before-hook-creation']),
    hook('Job', 'failed-only', ['pre-install'], ['hook-failed']),
    hook('Job', 'gone', ['pre-install'], ['before-hook-creation', 'hook-succeeded']),
    hook('Pod', 'probe', ['pre-install']),
    hook('Pod', 'test', ['test']),
  ]);
  expect(names(objects)).toEqual(['settings']);
  expect(names(finished).toSorted()).toEqual(['failed-only', 'migrate', 'probe']);
});

test('of one name the hook that runs last decides, whatever their order in the chart', () => {
  const after = hook('Job', 'same', ['post-install'], ['hook-succeeded']);
  const before = hook('Job', 'same', ['pre-install']);
  expect(stayingHooks([after, before]).finished).toEqual([]);
  const stays = hook('Job', 'same', ['post-install']);
  const goes = hook('Job', 'same', ['pre-install'], ['hook-succeeded']);
  expect(stayingHooks([stays, goes]).finished).toEqual([stays]);
});

test.each([
  [{ kind: 'Pod', spec: {} }, 1],
  [{ kind: 'Job', spec: {} }, 1],
  [{ kind: 'Job', spec: { parallelism: 3 } }, 3],
  [{ kind: 'Job', spec: { parallelism: 3, completions: 5 } }, 5],
  [{ kind: 'Job', spec: null }, 1],
])('pods that %j leaves: %d', (object, pods) => {
  expect(finishedPods(object)).toBe(pods);
});
