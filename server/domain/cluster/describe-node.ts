import type { ClusterNode } from '../../../contract/schemas/cluster/node.ts';
import { asObject, asObjects, asString, asTextMap, valueAt } from '../json/json-reading.ts';
import { conditionOf, conditionsOf, type KubeObject, refOf, specOf, statusOf } from '../kube/kube-object.ts';
import { readAmounts } from '../quotas/pod-amounts.ts';
import { labelsOf, metaOf, READY, stateOf } from '../status/resource-state.ts';
import type { NodeUsage } from './node-usage.ts';
import { printedAmounts, quantityOf, unifiedAmounts } from './unified-amounts.ts';

/** Resources that the original Walm names of every node. */
const ALWAYS = ['cpu', 'memory', 'nvidia.com/gpu'];

/** A node as the API shows it; `usage` null: it is not known what its pods take. */
export function describeNode(node: KubeObject, usage: NodeUsage | null): ClusterNode {
  const spec = specOf(node);
  const status = statusOf(node);
  const ready = conditionOf(node, 'Ready');
  const amountsOf = (field: 'capacity' | 'allocatable') => readAmounts(status[field]);
  return {
    ...metaOf(
      { ...refOf(node), kind: 'Node' },
      ready?.status === 'True' ? READY : stateOf('NotReady', ready?.reason, ready?.message),
    ),
    ...labelsOf(node),
    nodeIp: addressOf(node),
    capacity: { ...asTextMap(status['capacity']) },
    allocatable: { ...asTextMap(status['allocatable']) },
    requestsAllocated: usage && printedAmounts(usage.requests, ALWAYS),
    limitsAllocated: usage && printedAmounts(usage.limits, ALWAYS),
    warpDriveStorageList: [],
    unifyUnitResourceInfo: {
      capacity: unifiedAmounts(amountsOf('capacity')),
      allocatable: unifiedAmounts(amountsOf('allocatable')),
      requestsAllocated: usage && unifiedAmounts(usage.requests),
      limitsAllocated: usage && unifiedAmounts(usage.limits),
    },
    pods: {
      running: usage && usage.pods,
      capacity: Number(quantityOf(asString(asObject(status['allocatable'])['pods'])).numerator),
    },
    taints: asObjects(spec['taints']).map((taint) => ({
      key: asString(taint['key']),
      value: asString(taint['value']),
      effect: asString(taint['effect']),
    })),
    unschedulable: spec['unschedulable'] === true,
    conditions: conditionsOf(node),
    kubeletVersion: asString(valueAt(status, 'nodeInfo', 'kubeletVersion')),
    createdAt: node.metadata.creationTimestamp ?? '',
  };
}

function addressOf(node: KubeObject): string {
  const address = asObjects(statusOf(node)['addresses']).find(({ type }) => type === 'InternalIP');
  return asString(address?.['address']);
}
