import type { ClusterType } from '../table/object-types.ts';
import { ageColumn, column, labelText, type Column, type ObjectColumns } from './columns.ts';
import { at, listAt, numberAt, textAt } from './read-value.ts';

/** An amount of memory in Mi, as people read it: `512Mi`, `3.8Gi`. */
export function memoryText(mebibytes: number): string {
  if (mebibytes < 1024) return `${mebibytes}Mi`;
  return `${Math.round((mebibytes / 1024) * 10) / 10}Gi`;
}

/** `Ready`, `NotReady`, with what keeps new pods away. */
export function nodeState(node: unknown): string {
  const ready = listAt(node, 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  const state = textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

/** The state of a pod in one word: the reason for it where there is one. */
export function podState(pod: unknown): string {
  if (textAt(pod, 'phase') === 'Succeeded') return 'Completed';
  return textAt(pod, 'state', 'reason') || textAt(pod, 'state', 'status');
}

function restartsOf(pod: unknown): number {
  return listAt(pod, 'containers').reduce<number>((sum, container) => sum + numberAt(container, 'restartCount'), 0);
}

function readyContainers(pod: unknown): string {
  const containers = listAt(pod, 'containers');
  return `${containers.filter((container) => at(container, 'ready') === true).length}/${containers.length}`;
}

/** An amount of a node that may be unknown to a Walm that does not watch all namespaces. */
function amount(node: unknown, of: string, resource: 'cpu' | 'memory'): string {
  const value = at(node, 'unifyUnitResourceInfo', of, resource);
  if (typeof value !== 'number') return '';
  return resource === 'memory' ? memoryText(value) : `${value}`;
}

function podsOf(node: unknown): string {
  const running = at(node, 'pods', 'running');
  const capacity = numberAt(node, 'pods', 'capacity');
  return typeof running === 'number' ? `${running}/${capacity}` : `${capacity}`;
}

function nodeColumns(now: number): ObjectColumns {
  return {
    table: [
      column('NAME', 'name'),
      { head: 'STATUS', cell: nodeState },
      { head: 'CPU-REQ', cell: (node) => amount(node, 'requestsAllocated', 'cpu') },
      { head: 'CPU', cell: (node) => amount(node, 'allocatable', 'cpu') },
      { head: 'MEM-REQ', cell: (node) => amount(node, 'requestsAllocated', 'memory') },
      { head: 'MEM', cell: (node) => amount(node, 'allocatable', 'memory') },
      { head: 'PODS', cell: podsOf },
      ageColumn(now, 'createdAt'),
    ],
    wide: [column('IP', 'nodeIp'), { head: 'LABELS', cell: labelText }],
    cut: 'LABELS',
  };
}

function podColumns(now: number): ObjectColumns {
  return {
    table: [
      column('NAME', 'name'),
      { head: 'READY', cell: readyContainers },
      { head: 'STATUS', cell: podState },
      { head: 'RESTARTS', cell: (pod) => `${restartsOf(pod)}` },
      ageColumn(now, 'createdAt'),
    ],
    wide: [
      column('RELEASE', 'release'),
      column('NODE', 'node'),
      column('IP', 'podIp'),
      column('REASON', 'state', 'message'),
    ],
    cut: 'REASON',
  };
}

function claimColumns(now: number): ObjectColumns {
  return {
    table: [
      column('NAME', 'name'),
      column('STATUS', 'state', 'status'),
      { head: 'SIZE', cell: (claim) => textAt(claim, 'capacity') || textAt(claim, 'requested') },
      column('CLASS', 'storageClass'),
      ageColumn(now, 'createdAt'),
    ],
    wide: [
      column('RELEASE', 'release'),
      column('VOLUME', 'volumeName'),
      { head: 'MODES', cell: (claim) => listAt(claim, 'accessModes').join(',') },
      { head: 'USED-BY', cell: (claim) => listAt(claim, 'usedBy').join(',') },
    ],
    cut: 'USED-BY',
  };
}

function secretColumns(now: number): ObjectColumns {
  return {
    table: [
      column('NAME', 'name'),
      column('TYPE', 'type'),
      { head: 'KEYS', cell: (secret) => `${Object.keys((at(secret, 'data') as object | undefined) ?? {}).length}` },
      ageColumn(now, 'createdAt'),
    ],
    wide: [
      { head: 'KEY-NAMES', cell: (secret) => Object.keys((at(secret, 'data') as object | undefined) ?? {}).join(',') },
      column('IMMUTABLE', 'immutable'),
    ],
    cut: 'KEY-NAMES',
  };
}

function storageClassColumns(): ObjectColumns {
  return {
    table: [
      column('NAME', 'name'),
      column('PROVISIONER', 'provisioner'),
      column('RECLAIM', 'reclaimPolicy'),
      column('BINDING', 'volumeBindingMode'),
      column('DEFAULT', 'isDefault'),
    ],
    wide: [column('EXPANDABLE', 'allowVolumeExpansion')],
    cut: 'PROVISIONER',
  };
}

/** `used/hard` of each quota that limits this; empty if none does. */
function quotaText(tenant: unknown, resource: string): string {
  return listAt(tenant, 'tenantQuotas')
    .filter((quota) => textAt(quota, 'hard', resource) !== '')
    .map((quota) => `${textAt(quota, 'used', resource) || '0'}/${textAt(quota, 'hard', resource)}`)
    .join(' ');
}

function quotaColumn(head: string, resource: string): Column {
  return { head, cell: (tenant) => quotaText(tenant, resource) };
}

function tenantColumns(now: number): ObjectColumns {
  return {
    table: [
      column('NAME', 'tenantName'),
      column('STATUS', 'tenantStatus'),
      quotaColumn('CPU', 'requestsCpu'),
      quotaColumn('MEMORY', 'requestsMemory'),
      quotaColumn('STORAGE', 'requestsStorage'),
      quotaColumn('PODS', 'pods'),
      ageColumn(now, 'tenantCreationTime'),
    ],
    wide: [{ head: 'LABELS', cell: labelText }],
    cut: 'LABELS',
  };
}

/** The columns of objects of the cluster. `now` is milliseconds since 1970. */
export function clusterColumns(type: ClusterType, now: number): ObjectColumns {
  switch (type) {
    case 'node':
      return nodeColumns(now);
    case 'pod':
      return podColumns(now);
    case 'pvc':
      return claimColumns(now);
    case 'secret':
      return secretColumns(now);
    case 'storageclass':
      return storageClassColumns();
    case 'tenant':
      return tenantColumns(now);
    default:
      return type satisfies never;
  }
}
