import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { applyMergePatch } from './merge-patch.ts';
import { PatchFailed } from './patch-failed.ts';
import { applyStrategicMerge } from './strategic-merge.ts';

const deployment = (spec: JsonObject): JsonObject => ({ kind: 'Deployment', spec: { template: { spec } } });
const merged = (spec: JsonObject, patch: JsonObject) =>
  applyStrategicMerge(deployment(spec), { spec: { template: { spec: patch } } }, 'Deployment');

test.each<[string, JsonObject, JsonObject, JsonObject]>([
  [
    'containers by name, their environment by name',
    { containers: [{ name: 'a', image: 'x', env: [{ name: 'A', value: '1' }] }, { name: 'b' }] },
    { containers: [{ name: 'a', env: [{ name: 'B', value: '2' }] }, { name: 'c' }] },
    {
      containers: [
        {
          name: 'a',
          image: 'x',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'b' },
        { name: 'c' },
      ],
    },
  ],
  [
    'ports of containers by number, mounts by path',
    { containers: [{ name: 'a', ports: [{ containerPort: 80 }], volumeMounts: [{ mountPath: '/x', name: 'v' }] }] },
    {
      containers: [
        {
          name: 'a',
          ports: [{ containerPort: 80, name: 'http' }],
          volumeMounts: [{ mountPath: '/x', readOnly: true }],
        },
      ],
    },
    {
      containers: [
        {
          name: 'a',
          ports: [{ containerPort: 80, name: 'http' }],
          volumeMounts: [{ mountPath: '/x', name: 'v', readOnly: true }],
        },
      ],
    },
  ],
  [
    'tolerations as one',
    { tolerations: [{ key: 'a' }] },
    { tolerations: [{ key: 'b' }] },
    { tolerations: [{ key: 'b' }] },
  ],
  ['null removes', { nodeSelector: { a: '1', b: '2' } }, { nodeSelector: { a: null } }, { nodeSelector: { b: '2' } }],
  [
    'an entry is deleted',
    { containers: [{ name: 'a' }, { name: 'b' }] },
    { containers: [{ name: 'a', $patch: 'delete' }] },
    { containers: [{ name: 'b' }] },
  ],
  [
    'a list is replaced',
    { containers: [{ name: 'a' }] },
    { containers: [{ $patch: 'replace' }, { name: 'b' }] },
    { containers: [{ name: 'b' }] },
  ],
  [
    'a map is replaced',
    { nodeSelector: { a: '1' } },
    { nodeSelector: { $patch: 'replace', b: '2' } },
    { nodeSelector: { b: '2' } },
  ],
  [
    'keys are retained',
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] },
    { volumes: [{ name: 'v', configMap: { name: 'c' } }] },
  ],
  [
    'the order of entries',
    { containers: [{ name: 'a' }, { name: 'b' }] },
    { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] },
    { containers: [{ name: 'b' }, { name: 'a' }] },
  ],
])('%s', (_, spec, patch, expected) => {
  expect(merged(spec, patch)).toEqual(deployment(expected));
});

test('ports of a Service by port, finalizers as a set', () => {
  const service = { kind: 'Service', metadata: { finalizers: ['a'] }, spec: { ports: [{ port: 80, name: 'http' }] } };
  const patch = {
    metadata: { finalizers: ['a', 'b'], '$deleteFromPrimitiveList/finalizers': ['a'] },
    spec: { ports: [{ port: 80, nodePort: 30080 }] },
  };
  expect(applyStrategicMerge(service, patch, 'Service')).toEqual({
    kind: 'Service',
    metadata: { finalizers: ['b'] },
    spec: { ports: [{ port: 80, name: 'http', nodePort: 30080 }] },
  });
});

test.each<JsonObject>([
  { containers: [{ image: 'x' }] },
  { containers: ['a'] },
  { nodeSelector: { $patch: 'upsert' } },
  { '$retain/containers': [] },
])('refuses %j', (patch) => {
  expect(() => merged({ containers: [{ name: 'a' }] }, patch)).toThrow(PatchFailed);
});

// RFC 7386, appendix A.
test.each<[JsonObject, JsonObject, JsonObject]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [1, 2] }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('of %j and %j a merge patch makes %j', (target, patch, expected) => {
  expect(applyMergePatch(target, patch)).toEqual(expected);
});
