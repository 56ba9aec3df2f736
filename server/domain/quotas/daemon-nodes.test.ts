import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { type NodeFacts, runsOn } from './daemon-nodes.ts';

const node = (taints: NodeFacts['taints'] = []): NodeFacts => ({
  name: 'one',
  labels: { disk: 'ssd', cores: '16' },
  taints,
});
const affine = (...terms: JsonObject[]): JsonObject => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  },
});
const expression = (key: string, operator: string, ...values: string[]): JsonObject => ({
  matchExpressions: [{ key, operator, values }],
});

test.each<[JsonObject, boolean]>([
  [{}, true],
  [{ nodeName: 'one' }, true],
  [{ nodeName: 'two' }, false],
  [{ nodeSelector: { disk: 'ssd' } }, true],
  [{ nodeSelector: { disk: 'hdd' } }, false],
  [affine(expression('disk', 'In', 'hdd', 'ssd')), true],
  [affine(expression('disk', 'NotIn', 'ssd')), false],
  [affine(expression('disk', 'Exists')), true],
  [affine(expression('zone', 'DoesNotExist')), true],
  [affine(expression('cores', 'Gt', '8')), true],
  [affine(expression('cores', 'Lt', '8')), false],
  [affine(expression('disk', 'Gt', '8')), false],
  [affine(expression('zone', 'Exists'), expression('disk', 'Exists')), true],
  [affine({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['one'] }] }), true],
  [affine({}), false],
  [affine(expression('disk', 'Unheard')), false],
])('%j selects the node: %s', (podSpec, expected) => {
  expect(runsOn(podSpec, node())).toBe(expected);
});

const taint = (key: string, effect: string, value = '') => node([{ key, value, effect }]);

test.each<[JsonObject, NodeFacts, boolean]>([
  [{}, taint('dedicated', 'NoSchedule'), false],
  [{}, taint('dedicated', 'NoExecute'), false],
  [{}, taint('dedicated', 'PreferNoSchedule'), true],
  [{}, taint('node.kubernetes.io/unschedulable', 'NoSchedule'), true],
  [{}, taint('node.kubernetes.io/unreachable', 'NoExecute'), true],
  [{}, taint('node.kubernetes.io/network-unavailable', 'NoSchedule'), false],
  [{ hostNetwork: true }, taint('node.kubernetes.io/network-unavailable', 'NoSchedule'), true],
  [{ tolerations: [{ operator: 'Exists' }] }, taint('dedicated', 'NoExecute', 'db'), true],
  [{ tolerations: [{ key: 'dedicated', value: 'db' }] }, taint('dedicated', 'NoExecute', 'db'), true],
  [{ tolerations: [{ key: 'dedicated', value: 'web' }] }, taint('dedicated', 'NoExecute', 'db'), false],
  [
    { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }] },
    taint('dedicated', 'NoExecute'),
    false,
  ],
])('%j tolerates %j: %s', (podSpec, tainted, expected) => {
  expect(runsOn(podSpec, tainted)).toBe(expected);
});
