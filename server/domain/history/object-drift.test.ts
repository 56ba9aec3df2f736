import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { type ComparedWithLive, objectDrift } from './object-drift.ts';

const service = (spec: JsonObject, generation = 1): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', generation, resourceVersion: String(generation) },
  spec,
  status: { loadBalancer: { generation } },
});

function compared(live: JsonObject | null, applied: JsonObject | null, kind = 'Service'): ComparedWithLive {
  const outcome = live === null ? 'missing' : applied === null ? 'unknown' : 'compared';
  const ref = { apiVersion: 'v1', kind, namespace: 'demo', name: 'web' };
  return { ...ref, live, applied, outcome, message: applied ? '' : 'why' };
}

test('what only the cluster counts is not drift', () => {
  expect(objectDrift(compared(service({ port: 1 }, 3), service({ port: 1 }, 4)))).toMatchObject({ state: 'in sync' });
});

test('what runs otherwise than applying it would make it has changed', () => {
  expect(objectDrift(compared(service({ port: 2 }), service({ port: 1 })))).toMatchObject({
    state: 'changed',
    differences: [{ path: '/spec/port', old: 1, new: 2 }],
  });
});

test('what is gone is missing, and what cannot be compared says why', () => {
  expect(objectDrift(compared(null, null))).toMatchObject({ state: 'missing' });
  expect(objectDrift(compared(service({}), null))).toMatchObject({ state: 'unknown', message: 'why' });
  const forbidden = { ...compared(null, null), outcome: 'forbidden' as const };
  expect(objectDrift(forbidden)).toMatchObject({ state: 'forbidden', differences: [], message: 'why' });
});

test('a secret that changed shows nothing of itself', () => {
  const secret = (password: string): JsonObject => ({ apiVersion: 'v1', kind: 'Secret', data: { password } });
  expect(objectDrift(compared(secret('b25l'), secret('dHdv'), 'Secret')).differences).toEqual([
    { path: '/data/password', old: '***', new: '***' },
  ]);
});
