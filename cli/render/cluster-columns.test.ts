import { expect, test } from 'vitest';

import { clusterColumns, memoryText, nodeState, podState } from './cluster-columns.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');

function row(type: Parameters<typeof clusterColumns>[0], item: unknown, wide = false): Record<string, string> {
  const columns = clusterColumns(type, NOW);
  return Object.fromEntries(
    [...columns.table, ...(wide ? columns.wide : [])].map(({ head, cell }) => [head, cell(item)]),
  );
}

test('memory is written with the unit that people read', () => {
  expect([0, 512, 1023, 1024, 1536, 257_843].map(memoryText)).toEqual([
    '0Mi',
    '512Mi',
    '1023Mi',
    '1Gi',
    '1.5Gi',
    '251.8Gi',
  ]);
});

test('a node is ready, and takes pods, or not', () => {
  const ready = { type: 'Ready', status: 'True' };
  expect(nodeState({ conditions: [{ type: 'DiskPressure', status: 'True' }, ready] })).toBe('Ready');
  expect(nodeState({ conditions: [ready], unschedulable: true })).toBe('Ready,SchedulingDisabled');
  expect(nodeState({ conditions: [{ ...ready, status: 'Unknown' }] })).toBe('NotReady');
  expect(nodeState({})).toBe('NotReady');
});

test('a node whose requests are unknown shows what it has', () => {
  const node = {
    name: 'n',
    unifyUnitResourceInfo: { allocatable: { cpu: 3.5, memory: 2048 }, requestsAllocated: null },
    pods: { running: null, capacity: 110 },
    conditions: [],
    createdAt: '2026-01-01T00:00:00Z',
  };
  expect(row('node', node)).toMatchObject({
    'CPU-REQ': '',
    CPU: '3.5',
    'MEM-REQ': '',
    MEM: '2Gi',
    PODS: '110',
    AGE: '60m',
  });
});

test('the state of a pod is its reason', () => {
  expect(podState({ phase: 'Pending', state: { status: 'Pending', reason: 'ImagePullBackOff' } })).toBe(
    'ImagePullBackOff',
  );
  expect(podState({ phase: 'Running', state: { status: 'Ready', reason: '' } })).toBe('Ready');
  expect(podState({ phase: 'Succeeded', state: { status: 'Terminated', reason: '' } })).toBe('Completed');
});

test('a tenant shows used and hard of each quota that limits something', () => {
  const quota = (used: string, hard: string) => ({ used: { requestsCpu: used }, hard: { requestsCpu: hard } });
  const tenant = { tenantName: 't', tenantQuotas: [quota('1', '4'), quota('', '2'), quota('', '')] };
  expect(row('tenant', tenant)).toMatchObject({ NAME: 't', CPU: '1/4 0/2', MEMORY: '' });
  expect(row('tenant', { tenantName: 't', tenantQuotas: null })).toMatchObject({ CPU: '' });
});
