import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kubeObject } from '../../../test/harness/clients/kube-objects.ts';
import { createKeptContent } from './kept-content.ts';
import { createObjectIndex } from './object-index.ts';

const MiB = 1024 * 1024;
const large = (namespace: string, name: string, bytes = MiB) =>
  kubeObject('v1', 'ConfigMap', name, { data: { a: 'x'.repeat(bytes) } }, { namespace });

test('of a namespace that is full of large objects the rest is held by name; others do not notice', () => {
  const content = createKeptContent();
  const kept = Array.from({ length: 100 }, (_, i) => content.takeIn(large('full', `m${i}`)));
  expect(kept.filter((object) => 'data' in object)).toHaveLength(32);
  expect(kept.at(-1)).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'm99', namespace: 'full' } });
  const others = large('other', 'm');
  expect(content.takeIn(others)).toBe(others);
  const small = large('full', 's', 1_000);
  expect(content.takeIn(small)).toBe(small);
});

test('what goes makes room, whatever came and went before', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.nat(5), bytes: fc.nat(40) })), (steps) => {
      const index = createObjectIndex([], createKeptContent(64 * 1024));
      for (const { name, bytes } of steps) {
        const object = large('demo', `m${name}`, bytes * 1024);
        if (bytes % 3 === 0) index.remove(object);
        else index.put(object);
      }
      index.replaceKind('v1', 'ConfigMap', []);
      const last = large('demo', 'last', 60 * 1024);
      index.put(last);
      expect(index.list('v1', 'ConfigMap')).toEqual([last]);
    }),
  );
});
