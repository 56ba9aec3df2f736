import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { applyMergePatch } from './merge-patch.ts';
import { PatchFailed } from './patch-failed.ts';
import { applyStrategicMerge } from './strategic-merge.ts';
import { kindName, type MergeKeys } from './strategic-merge-keys.ts';

/** What Go tests of the engine read as well: there Kubernetes' own code merges, and a cluster says how lists are merged. */
function rules<Rules>(name: string): Rules {
  const file = new URL(`../../../engine/testdata/rules/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Rules;
}

type Merge = { name: string; target: JsonObject & { apiVersion: string; kind: string }; patch: JsonObject };

describe('a strategic merge patch is applied as Kubernetes applies it', () => {
  const { merged, refused } = rules<{ merged: (Merge & { result: JsonObject })[]; refused: Merge[] }>(
    'strategic-merge',
  );
  const keys = rules<Record<string, MergeKeys>>('merge-keys');

  test.each(merged)('$name', ({ target, patch, result }) => {
    expect(applyStrategicMerge(target, patch, keys[kindName(target)] ?? {})).toEqual(result);
  });

  test.each(refused)('and not $name', ({ target, patch }) => {
    expect(() => applyStrategicMerge(target, patch, keys[kindName(target)] ?? {})).toThrow(PatchFailed);
  });

  test('a directive that there is not is refused', () => {
    expect(() => applyStrategicMerge({}, { '$retain/containers': [] }, {})).toThrow(PatchFailed);
  });

  test('the lists of a kind that the cluster does not describe are replaced', () => {
    const target = { spec: { containers: [{ name: 'a' }] } };
    expect(applyStrategicMerge(target, { spec: { containers: [{ name: 'b' }] } }, {})).toEqual({
      spec: { containers: [{ name: 'b' }] },
    });
  });

  test('entries stay where the chart has them, and what is new comes last', () => {
    const containers = { 'spec/containers': 'name' };
    const target: JsonObject = { spec: { containers: [{ name: 'a' }, { name: 'b' }] } };
    const patch: JsonObject = { spec: { containers: [{ name: 'c' }, { name: 'b', image: 'x' }] } };
    expect(applyStrategicMerge(target, patch, containers)).toEqual({
      spec: { containers: [{ name: 'a' }, { name: 'b', image: 'x' }, { name: 'c' }] },
    });
  });
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
