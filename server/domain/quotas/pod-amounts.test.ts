import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { coresOf } from '../kube/quantity.ts';
import { ZERO } from '../kube/quantity-sum.ts';
import { type Amounts, countedPod, NO_POD_DEFAULTS, readAmounts, statedPod } from './pod-amounts.ts';

const asking = (cpu: string, limit?: string): JsonObject => ({
  resources: { requests: { cpu }, ...(limit !== undefined && { limits: { cpu: limit } }) },
});
const cores = (amounts: Amounts) => coresOf(amounts.get('cpu') ?? ZERO);
const sidecar = { ...asking('40m'), restartPolicy: 'Always' };

test.each([
  ['containers together', { containers: [asking('100m'), asking('50m')] }, 0.15],
  ['the largest init container where that is more', { containers: [asking('100m')], initContainers: [asking('1')] }, 1],
  [
    'an init container beside the sidecars that were started before it',
    { containers: [asking('100m')], initContainers: [sidecar, asking('300m')] },
    0.34,
  ],
  [
    'and not beside those that come after it',
    { containers: [asking('100m')], initContainers: [asking('300m'), sidecar] },
    0.3,
  ],
  ['sidecars as containers', { containers: [asking('100m')], initContainers: [sidecar, sidecar] }, 0.18],
  ['what the pod says of itself instead', { ...asking('2'), containers: [asking('100m')] }, 2],
  ['and the overhead over all of it', { containers: [asking('100m')], overhead: { cpu: '5m' } }, 0.105],
])('a pod takes %s', (_, podSpec, expected) => {
  expect(cores(statedPod(podSpec).requests)).toBe(expected);
  expect(cores(countedPod(podSpec, NO_POD_DEFAULTS).requests)).toBe(expected);
});

test('what is not said is filled in as the cluster does it', () => {
  const defaults = {
    container: { requests: readAmounts({ cpu: '30m' }), limits: readAmounts({ cpu: '2' }) },
    overheads: new Map([['heavy', readAmounts({ cpu: '70m', memory: '1Mi' })]]),
  };
  const limited = { containers: [{ resources: { limits: { cpu: '500m' } } }] };
  expect(cores(statedPod(limited).requests)).toBe(0);
  expect(cores(countedPod(limited, defaults).requests)).toBe(0.5);
  const silent = countedPod({ containers: [{}], runtimeClassName: 'heavy' }, defaults);
  expect([cores(silent.requests), cores(silent.limits)]).toEqual([0.1, 2.07]);
  expect(silent.limits.has('memory')).toBe(false);
  expect(silent).toMatchObject({ isPodLevel: false, isBestEffort: false });
  expect(countedPod({ containers: [{}] }, NO_POD_DEFAULTS).isBestEffort).toBe(true);
});

test('a pod with limits asks for what its containers ask for, else for the limit', () => {
  const podSpec = {
    resources: { limits: { cpu: '4', memory: '1Gi', 'example.com/gpu': '1' } },
    containers: [asking('100m')],
  };
  const { requests, isPodLevel } = countedPod(podSpec, NO_POD_DEFAULTS);
  expect(cores(requests)).toBe(0.1);
  expect(requests.get('memory')).toEqual(readAmounts({ memory: '1Gi' }).get('memory'));
  expect(requests.has('example.com/gpu')).toBe(false);
  expect(isPodLevel).toBe(true);
});
