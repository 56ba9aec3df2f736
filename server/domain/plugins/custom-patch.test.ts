import { describe, expect, test } from 'vitest';
import { shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { refusalOf, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { valueAt } from '../json/json-reading.ts';
import { customPatch } from './custom-patch.ts';

const shop = shopDocuments();
const web = { kind: 'Deployment', name: 'web' };
const patched = (patches: JsonObject[]) => runPlugins(shop, [{ name: 'CustomPatch', args: { patches } }]);
const ofWeb = (type: string, patch: JsonValue): JsonObject => ({ target: web, type, patch });
const pod = (spec: JsonObject): JsonObject => ofWeb('strategic', { spec: { template: { spec } } });
const container = (fields: JsonObject): JsonObject => pod({ containers: [{ name: 'web', ...fields }] });

function nested(levels: number): JsonValue {
  return Array.from({ length: levels }).reduce<JsonValue>((inner) => ({ a: inner }), 1);
}

describe('CustomPatch', () => {
  test('patches one object after the other, hooks included, in all three ways', () => {
    const { changed } = patched([
      ofWeb('json', [{ op: 'replace', path: '/spec/replicas', value: 5 }]),
      container({
        env: [
          { name: 'B', value: 'x' },
          { name: 'C', value: '3' },
        ],
      }),
      { target: { kind: 'configmap', name: 'settings' }, type: 'merge', patch: { data: { level: null, more: 'x' } } },
      { target: { kind: 'Job', name: 'migrate' }, type: 'merge', patch: { spec: { backoffLimit: 1 } } },
    ]);
    expect(changed.map(({ object }) => object?.['kind'])).toEqual(['ConfigMap', 'Deployment', 'Job']);
    expect(changed[0]?.object?.['data']).toEqual({ more: 'x' });
    expect(valueAt(changed[1]?.object ?? {}, 'spec', 'replicas')).toBe(5);
    expect(valueAt(changed[1]?.object ?? {}, 'spec', 'template', 'spec', 'containers', 0, 'env')).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: 'x' },
      { name: 'C', value: '3' },
    ]);
  });

  test('a patch that leaves everything as it is changes nothing', () => {
    expect(patched([ofWeb('merge', { spec: { replicas: 3 } })]).changed).toEqual([]);
  });

  test.each<[string, JsonObject, string]>([
    [
      'an object that is not there',
      { target: { kind: 'Deployment', name: 'x' }, type: 'merge', patch: {} },
      'no Deployment x',
    ],
    [
      'a role',
      { target: { kind: 'Role', name: 'reader' }, type: 'merge', patch: {} },
      'cannot be patched; patches are for ConfigMap',
    ],
    ['another kind', ofWeb('merge', { kind: 'ClusterRole' }), '/kind cannot be changed'],
    ['another API version', ofWeb('merge', { apiVersion: 'rbac.authorization.k8s.io/v1' }), '/apiVersion cannot'],
    ['another name', ofWeb('json', [{ op: 'replace', path: '/metadata/name', value: 'x' }]), '/metadata/name cannot'],
    ['another namespace', ofWeb('merge', { metadata: { namespace: 'kube-system' } }), '/metadata/namespace cannot'],
    ['a list for an object', ofWeb('merge', []), 'not an object'],
    [
      'a test that fails',
      ofWeb('json', [{ op: 'test', path: '/spec/replicas', value: 1 }]),
      'test of /spec/replicas failed',
    ],
    ['an object for operations', ofWeb('json', {}), 'array of operations'],
    [
      'one operation too many',
      ofWeb(
        'json',
        Array.from({ length: 10_001 }, () => ({ op: 'test', path: '' })),
      ),
      'at most 10000',
    ],
    ['a pointer that leads too deep', ofWeb('json', [{ op: 'add', path: '/a'.repeat(65), value: 1 }]), '64 steps'],
    ['a patch that is nested too deep', ofWeb('merge', nested(65)), 'deeper than 64'],
  ])('refuses %s', (_, patch, reason) => {
    const error = refusalOf(shop, 'CustomPatch', { patches: [patch] });
    expect([error.code, error.status]).toEqual(['PLUGIN_REFUSED', 422]);
    expect(error.message).toContain(reason);
  });

  test('copies of copies come to an end', () => {
    const doubling = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/spec', path: `/spec/x${i}` }));
    const error = refusalOf(shop, 'CustomPatch', { patches: [ofWeb('json', doubling)] });
    expect(error.message).toMatch(/operation \d+: (the patch takes too much work)/);
  });

  test('what is tested again and again is paid for', () => {
    const data = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, 'x']));
    const target = { kind: 'ConfigMap', name: 'settings' };
    const tests = Array.from({ length: 100 }, () => ({ op: 'test', path: '/data', value: data }));
    const patch = [{ op: 'replace', path: '/data', value: data }, ...tests];
    const error = refusalOf(shop, 'CustomPatch', { patches: [{ target, type: 'json', patch }] });
    expect(error.message).toContain('takes too much work');
  });

  test('what patches undo between them is not a change', () => {
    const { changed } = patched([
      pod({ hostNetwork: true }),
      ofWeb('json', [{ op: 'remove', path: '/spec/template/spec/hostNetwork' }]),
    ]);
    expect(changed).toEqual([]);
  });

  test('a refusal names object, path and what is allowed', () => {
    const error = refusalOf(shop, 'CustomPatch', {
      patches: [ofWeb('merge', { spec: { replicas: 'many', paused: 1 } })],
    });
    expect(error.message).toContain('patch 0 of Deployment web: /spec/replicas cannot be changed so');
    expect(error.message).toContain('(allowed: a whole number from 0)');
    expect(error.message).toContain('/spec/paused cannot be changed so (allowed: true or false)');
    expect(error.object).toMatchObject({ kind: 'Deployment', name: 'web' });
  });

  test('lists what it allows', () => {
    const listed = customPatch.allows?.filter(({ kinds }) => kinds.includes('Deployment')).map(({ path }) => path);
    expect(listed).toEqual(expect.arrayContaining(['/spec/replicas', '{pod}/spec/containers/*/image']));
  });
});
