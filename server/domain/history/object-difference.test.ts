import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { type ComparedObject, differObject, differObjects, differValues, type Removal } from './object-difference.ts';

function object(kind: string, name: string, content: JsonObject, apiVersion = 'v1'): ComparedObject {
  const metadata = { name, namespace: 'demo' };
  return { apiVersion, kind, namespace: 'demo', name, object: { apiVersion, kind, metadata, ...content } };
}

describe('the difference of two manifests', () => {
  it('names what was added, changed and removed, and leaves out what stayed', () => {
    const before = [
      object('ConfigMap', 'a', { data: { x: '1' } }),
      object('ConfigMap', 'b', {}),
      object('Service', 'b', {}),
    ];
    const after = [
      object('Service', 'b', {}),
      object('ConfigMap', 'c', {}),
      object('ConfigMap', 'a', { data: { x: '2' } }),
    ];
    const ref = { apiVersion: 'v1', namespace: 'demo' };
    expect(differObjects(before, after)).toEqual([
      { change: 'added', kind: 'ConfigMap', name: 'c', ...ref, differences: [] },
      {
        change: 'changed',
        kind: 'ConfigMap',
        name: 'a',
        ...ref,
        differences: [{ path: '/data/x', old: '1', new: '2' }],
      },
      { change: 'removed', kind: 'ConfigMap', name: 'b', ...ref, differences: [] },
    ]);
  });

  it('says what stays, of objects that would be removed, and names those that only a failed change had made', () => {
    const before = ['kept', 'goes', 'gone', 'unjudged'].map((name) => object('ConfigMap', name, {}));
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo' };
    const removal = (name: string, outcome: Removal['outcome'], reason = '') => ({
      object: { ...ref, name },
      outcome,
      reason,
    });
    const removals = [
      removal('kept', 'kept', 'its resource policy says that it is kept'),
      removal('goes', 'deleted'),
      removal('gone', 'gone', 'it is not there any longer'),
      removal('unjudged', 'unknown', 'no'),
      removal('left', 'deleted'),
      removal('left and gone', 'gone', 'it is not there any longer'),
    ];
    expect(differObjects(before, [], undefined, removals)).toEqual([
      { change: 'kept', ...ref, name: 'kept', differences: [], reason: 'its resource policy says that it is kept' },
      { change: 'removed', ...ref, name: 'goes', differences: [] },
      { change: 'removed', ...ref, name: 'gone', differences: [], reason: 'it is not there any longer' },
      {
        change: 'removed',
        ...ref,
        name: 'unjudged',
        differences: [],
        reason: 'whether it stays cannot be told: no',
      },
      { change: 'removed', ...ref, name: 'left', differences: [] },
    ]);
  });

  it('takes a new API version for a change of the same object', () => {
    const [change] = differObjects(
      [object('Deployment', 'web', {}, 'apps/v1beta1')],
      [object('Deployment', 'web', {}, 'apps/v1')],
    );
    expect(change).toMatchObject({
      change: 'changed',
      differences: [{ path: '/apiVersion', old: 'apps/v1beta1', new: 'apps/v1' }],
    });
  });

  it('shows that a secret changed, and nothing of it', () => {
    const secret = (data: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Secret', data });
    expect(differObject(secret({ a: 'one', same: 'x' }), secret({ a: 'two', b: 'three', same: 'x' }))).toEqual([
      { path: '/data/a', old: '***', new: '***' },
      { path: '/data/b', new: '***' },
    ]);
    const withoutData: JsonObject = { apiVersion: 'v1', kind: 'Secret' };
    expect(differObject(withoutData, secret({ a: 'one' }))).toEqual([{ path: '/data', new: { a: '***' } }]);
  });

  it('ignores fields that every revision writes', () => {
    const noted = (task: string): JsonObject => ({
      metadata: { annotations: { 'walm.io/task': task, 'walm.io/seal': `v1.${task}`, own: 'x' } },
    });
    expect(differObject(noted('1'), noted('2'))).toEqual([]);
  });

  it('points at keys with slashes, and into arrays by index', () => {
    expect(differValues({ 'a/b~c': [1, { x: 1 }, 3] }, { 'a/b~c': [1, { x: 2 }] })).toEqual([
      { path: '/a~1b~0c/1/x', old: 1, new: 2 },
      { path: '/a~1b~0c/2', old: 3 },
    ]);
  });

  it('finds nothing between equal values, and something between others', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        const [left, right] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
        expect(differValues(left, JSON.parse(JSON.stringify(left)))).toEqual([]);
        expect(differValues(left, right).length === 0).toBe(differValues(right, left).length === 0);
      }),
    );
  });
});
