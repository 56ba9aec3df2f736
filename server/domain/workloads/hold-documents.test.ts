import { expect, test } from 'vitest';
import { holdTransform } from './hold-documents.ts';
import type { JsonObject } from '../json/json.ts';

const origin = { recorded: true, compared: false, served: () => true };

function held(kind: string, spec: JsonObject, apiVersion = 'apps/v1') {
  const object = { apiVersion, kind, metadata: { name: 'a' }, spec };
  const document = { index: 0, source: '', apiVersion, kind, namespace: 'demo', name: 'a', object };
  return holdTransform([document], origin).changed[0]?.object?.['spec'];
}

test('Deployments are paused and StatefulSets update no further pod', () => {
  expect(held('Deployment', { replicas: 2 })).toEqual({ replicas: 2, paused: true });
  expect(held('StatefulSet', { replicas: 3 })).toEqual({
    replicas: 3,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 3 } },
  });
  expect(held('StatefulSet', { ordinals: { start: 5 } })).toMatchObject({
    updateStrategy: { rollingUpdate: { partition: 6 } },
  });
});

test('what does not roll out by itself is left alone', () => {
  expect(held('StatefulSet', { updateStrategy: { type: 'OnDelete' } })).toBeUndefined();
  expect(held('DaemonSet', {})).toBeUndefined();
  expect(held('Deployment', {}, 'example.com/v1')).toBeUndefined();
});
