import { describe, expect, it } from 'vitest';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { AccessQuestion } from '../../domain/access/access-question.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../domain/release/release-record.ts';
import { createFindSeenObjects } from './seen-objects.ts';

const JANE = { user: 'jane', groups: [] } as never;
const SERVED = [
  ['', 'ConfigMap', 'configmaps'],
  ['', 'Pod', 'pods'],
  ['apps', 'Deployment', 'deployments'],
].map(([group = '', kind = '', plural = '']) => ({ group, version: 'v1', kind, plural, namespaced: true, verbs: [] }));

function record(...refs: [string, string, string][]): ReleaseRecord {
  const objects = refs.map(([apiVersion, kind, namespace], index) => {
    return { index, source: '', apiVersion, kind, namespace, name: `n${index}`, object: {} };
  });
  return toReleaseRecord(recordedRevision({ objects }), { earlier: null, firstWritten: '' });
}

function finder(allowed: (question: AccessQuestion) => boolean) {
  const asked: string[] = [];
  const find = createFindSeenObjects({
    authorization: {
      may(_caller, question) {
        asked.push(`${question.verb} ${question.resource} ${question.namespace}`);
        return Promise.resolve(allowed(question));
      },
    },
    engine: { listResources: () => Promise.resolve(SERVED), onDiscoveryChanged: () => () => undefined },
    clock: createManualClock(),
  });
  return { find, asked };
}

const map = (namespace: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'n0' });

describe('objects outside of the namespace of their release', () => {
  it('are shown to callers who may read them, with one review per kind and namespace', async () => {
    const { find, asked } = finder(({ namespace }) => namespace === 'a');
    const seen = await find(JANE, [
      record(['v1', 'ConfigMap', 'a'], ['v1', 'ConfigMap', 'a'], ['v1', 'ConfigMap', 'b']),
    ]);
    expect([seen(map('a')), seen(map('b')), seen(map('c'))]).toEqual([true, false, false]);
    expect(asked).toEqual(['get configmaps a', 'get configmaps b']);
  });

  it('show pods only to those who may read pods there', async () => {
    const { find } = finder(({ resource }) => resource === 'deployments');
    const seen = await find(JANE, [record(['apps/v1', 'Deployment', 'a'])]);
    expect(seen({ ...map('a'), apiVersion: 'apps/v1', kind: 'Deployment' })).toBe(true);
    expect(seen({ ...map('a'), kind: 'Pod' })).toBe(false);
  });

  it('are not asked for without end', async () => {
    const { find, asked } = finder(() => true);
    const many = Array.from({ length: 5_000 }, (_, at): [string, string, string] => ['v1', 'ConfigMap', `n${at}`]);
    const seen = await find(JANE, [record(...many)]);
    expect(asked).toHaveLength(64);
    expect(seen(map('n4999'))).toBe(false);
  });

  it('need no review for objects in it, for kinds that are not served, or for Walm itself', async () => {
    const { find, asked } = finder(() => true);
    await find(JANE, [record(['v1', 'ConfigMap', 'demo'])]);
    const seen = await find(JANE, [record(['example.org/v1', 'Thing', 'a'])]);
    expect(seen({ ...map('a'), apiVersion: 'example.org/v1', kind: 'Thing' })).toBe(false);
    expect((await find(null, []))(map('a'))).toBe(true);
    expect(asked).toEqual([]);
  });
});
