import { expect, test } from 'vitest';

import { diffObjects, parseManifest } from './object-diff.ts';

const MANIFEST = `---
# Source: a/templates/x.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: x}
data: {flag: y, mode: 0644, time: 12:30:45}
---
# nothing but a comment
---
apiVersion: v1
kind: Service
metadata: {name: two, namespace: other}
`;

test('a manifest is read as Helm reads it', () => {
  const [first, second, ...rest] = parseManifest(MANIFEST);
  expect(first?.['data']).toEqual({ flag: true, mode: 420, time: '12:30:45' });
  expect(second?.metadata).toEqual({ name: 'two', namespace: 'other' });
  expect(rest).toEqual([]);
});

test('missing, additional and different objects are named, with the path of the difference', () => {
  const objects = parseManifest(MANIFEST);
  expect(diffObjects(objects, structuredClone(objects))).toEqual([]);
  const changed = structuredClone(objects);
  changed[0]!['data'] = { flag: true, mode: 421, time: '12:30:45' };
  changed[1]!.metadata.name = 'z';
  expect(diffObjects(objects, changed)).toEqual([
    'Service other/two: missing',
    'Service other/z: not expected',
    'ConfigMap x .data .mode: expected 420, got 421',
  ]);
});
