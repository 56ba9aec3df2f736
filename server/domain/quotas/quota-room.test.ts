import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { overQuota } from './quota-room.ts';

const world = {
  nodes: [],
  podDefaults: { container: { requests: new Map(), limits: new Map() }, overheads: new Map() },
  defaultPriorityClass: '',
  defaultStorageClass: '',
  pluralOf: (_version: string, kind: string) => `${kind.toLowerCase()}s`,
};
const quota = (hard: JsonObject, used: JsonObject = {}): JsonObject => ({
  metadata: { name: 'tight' },
  spec: { hard },
  status: { used },
});
const configMap = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const claim: JsonObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { resources: { requests: { storage: '6Gi' } } },
};
const container = { name: 'web', resources: { requests: { cpu: '600m' } } };
const pod: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [container] } };
const deployment: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 9, template: { spec: { containers: [container] } } },
};

test.each<[string, JsonObject[], JsonObject, number | null]>([
  ['the sum of objects counts', ['a', 'b', 'c'].map(configMap), quota({ configmaps: '3' }, { configmaps: '1' }), 2],
  ['what just fits', ['a', 'b'].map(configMap), quota({ configmaps: '3' }, { configmaps: '1' }), null],
  ['counts by the plural', [deployment, deployment], quota({ 'count/deployments.apps': '1' }), 1],
  ['storage of claims', [claim, claim], quota({ 'requests.storage': '10Gi' }), 1],
  ['pods of their own', [pod, pod], quota({ 'requests.cpu': '1' }), 1],
  ['pods that a controller makes later', [deployment], quota({ 'requests.cpu': '1', pods: '0' }), null],
  ['sets that a controller makes later', [deployment], quota({ 'count/replicasets.apps': '0' }), null],
  ['what the objects do not take', ['a'].map(configMap), quota({ services: '0', 'requests.cpu': '0' }), null],
])('%s', (_what, objects, tight, index) => {
  expect(overQuota(objects, [tight], world)?.index ?? null).toBe(index);
});
