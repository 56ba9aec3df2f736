import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import type { ObjectPlace, ObjectReader, ReadKind } from './object-reader.ts';

/** A reader under test; `open` creates the given objects, all in one namespace of its own. */
export type ObjectReaderUnderTest = { reader: ObjectReader; namespace: string };

const secret = (name: string, type = 'Opaque'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { part: name } },
  type,
  data: { a: 'aGVsbG8=' },
});
const MANY = Array.from({ length: 12 }, (_, at) => secret(`s${String(at).padStart(2, '0')}`));

/** The contract of every adapter of the port. */
export function objectReaderConformance(
  name: string,
  open: (given: readonly KubeObject[]) => Promise<ObjectReaderUnderTest>,
): void {
  const reading = { as: null, signal: new AbortController().signal };
  const namesOf = async (reader: ObjectReader, kind: ReadKind, place: ObjectPlace) => {
    const found: string[] = [];
    for await (const page of reader.list(kind, place, reading)) {
      found.push(...page.map(({ metadata }) => metadata.name));
    }
    return found.toSorted();
  };

  describe(`objects read by ${name}`, () => {
    test('are found by name, and null if they are not there', async () => {
      const { reader, namespace } = await open([secret('one')]);
      expect(await reader.get('Secret', { namespace, name: 'one' }, reading)).toMatchObject({
        kind: 'Secret',
        metadata: { name: 'one', namespace },
        data: { a: 'aGVsbG8=' },
      });
      expect(await reader.get('Secret', { namespace, name: 'two' }, reading)).toBeNull();
      expect(await reader.get('Secret', { namespace: 'another-namespace', name: 'one' }, reading)).toBeNull();
    });

    test('are found by the kind that the cluster serves', async () => {
      const { reader, namespace } = await open([secret('one')]);
      const served = { group: '', version: 'v1', plural: 'secrets' };
      expect(await reader.find(served, { namespace, name: 'one' }, reading)).toMatchObject({ kind: 'Secret' });
      expect(await reader.find(served, { namespace, name: 'two' }, reading)).toBeNull();
    });

    test('are listed all, in several pages, with their kind', async () => {
      const { reader, namespace } = await open(MANY);
      expect(await namesOf(reader, 'Secret', { namespace })).toEqual(MANY.map(({ metadata }) => metadata.name));
      const first = await reader.list('Secret', { namespace }, reading).next();
      expect(first.value?.[0]).toMatchObject({ kind: 'Secret', data: { a: 'aGVsbG8=' } });
      expect(first.value?.length).toBeLessThan(MANY.length);
      expect(await namesOf(reader, 'Secret', { namespace: 'another-namespace' })).toEqual([]);
    });

    test('are listed without those of unwanted types', async () => {
      const { reader, namespace } = await open([secret('kept'), secret('left', 'walm.io/chart.v1')]);
      expect(await namesOf(reader, 'Secret', { namespace, exceptTypes: ['walm.io/chart.v1'] })).toEqual(['kept']);
    });

    test('are the events about one object', async () => {
      const event = (own: string, about: string, uid: string): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: own },
        involvedObject: { kind: 'Pod', name: about, uid },
        reason: 'BackOff',
        type: 'Warning',
      });
      const { reader, namespace } = await open([
        event('a', 'web', 'u1'),
        event('b', 'web', 'u2'),
        event('c', 'db', 'u1'),
      ]);
      expect(await namesOf(reader, 'Event', { namespace, about: { name: 'web', uid: 'u1' } })).toEqual(['a']);
    });
  });
}
