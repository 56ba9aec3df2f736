import { expect, test } from 'vitest';

import type { ManifestDocument } from '../kube/manifest-document.ts';
import { finishedPods, type RecordedHook, replacedHooks, stayingHooks } from './staying-hooks.ts';

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

test('what an upgrade leaves of its hooks, and what of them was there before', () => {
  const hooks = [
    hook('ConfigMap', 'both', ['pre-install', 'pre-upgrade']),
    hook('ConfigMap', 'new', ['post-upgrade']),
    hook('ConfigMap', 'of-installs', ['pre-install']),
    hook('Job', 'migrate', ['pre-upgrade']),
    hook('Job', 'goes-now', ['pre-upgrade'], ['before-hook-creation', 'hook-succeeded']),
    hook('Job', 'never-ran', ['pre-upgrade']),
  ];
  const { objects, finished } = stayingHooks(hooks, 'upgrade');
  expect(names(objects).toSorted()).toEqual(['both', 'new']);
  expect(names(finished).toSorted()).toEqual(['migrate', 'never-ran']);
  const recorded = (kind: string, name: string, events: string[], more: Partial<RecordedHook> = {}): RecordedHook => ({
    apiVersion: kind === 'Job' ? 'batch/v1' : 'v1',
    kind,
    name,
    events,
    weight: 0,
    deletePolicies: [],
    ...more,
  });
  const before = replacedHooks(hooks, [
    recorded('ConfigMap', 'both', ['pre-install']),
    recorded('Secret', 'new', ['pre-install']),
    recorded('Job', 'migrate', ['pre-upgrade'], { ran: true }),
    recorded('Job', 'goes-now', ['pre-install']),
    recorded('Job', 'never-ran', ['pre-upgrade']),
    recorded('ConfigMap', 'new', ['pre-install'], { deletePolicies: ['hook-succeeded'] }),
  ]);
  expect(names(before.objects)).toEqual(['both']);
  expect(names(before.finished).toSorted()).toEqual(['goes-now', 'migrate']);
});

test('of hooks of one event and name the heaviest stays, and none where one goes at the end of the event', () => {
  const weighed = (weight: number, deletePolicies: string[] = []) => {
    const one = hook('ConfigMap', 'same', ['pre-install'], deletePolicies);
    return { ...one, hook: { events: ['pre-install'], weight, deletePolicies } };
  };
  const heavy = weighed(2);
  expect(stayingHooks([heavy, weighed(1)]).objects).toEqual([heavy]);
  expect(stayingHooks([heavy, weighed(1, ['hook-succeeded'])]).objects).toEqual([]);
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
