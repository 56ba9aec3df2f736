import { Type, type Static } from 'typebox';
import { described, nullable, TextMap } from '../json.ts';
import { labelled } from '../release-resources.ts';
import { shownList } from './shown-list.ts';

const UnifiedAmounts = Type.Object({
  cpu: Type.Number({ description: 'Cores.' }),
  memory: Type.Integer({ description: 'Mi, rounded down.' }),
});

const unwatched = 'null where this Walm does not watch all namespaces.';

/** A node of the cluster, and how much of it is taken. */
export const ClusterNode = Type.Object(
  {
    ...labelled,
    nodeIp: Type.String({ description: 'Internal IP address; empty if there is none.' }),
    capacity: described(TextMap, 'Quantities by resource.'),
    allocatable: described(TextMap, 'Quantities by resource: the capacity without what the system reserves.'),
    requestsAllocated: described(
      nullable(TextMap),
      `Sums of the requests of the pods on it that have not ended; ${unwatched}`,
    ),
    limitsAllocated: described(nullable(TextMap), `Sums of their limits; ${unwatched}`),
    warpDriveStorageList: Type.Array(Type.Object({}), {
      description: 'Always empty: pools of a storage system of the original platform.',
    }),
    unifyUnitResourceInfo: Type.Object(
      {
        capacity: UnifiedAmounts,
        allocatable: UnifiedAmounts,
        requestsAllocated: nullable(UnifiedAmounts),
        limitsAllocated: nullable(UnifiedAmounts),
      },
      { description: 'The same as numbers.' },
    ),
    pods: Type.Object({
      running: described(nullable(Type.Integer()), `Number of pods that have not ended; ${unwatched}`),
      capacity: Type.Integer({ description: 'Maximum number of pods; 0 if the node does not say.' }),
    }),
    taints: Type.Array(Type.Object({ key: Type.String(), value: Type.String(), effect: Type.String() }), {
      description: 'What keeps pods away that do not tolerate it.',
    }),
    unschedulable: Type.Boolean({ description: 'True: no new pods come to it (`kubectl cordon`).' }),
    conditions: Type.Array(
      Type.Object({
        type: Type.String(),
        status: Type.String({ description: 'True, False or Unknown.' }),
        reason: Type.String(),
        message: Type.String(),
      }),
      { description: 'What the node reports of itself.' },
    ),
    kubeletVersion: Type.String({ description: 'Version of its kubelet.' }),
    createdAt: Type.String({ description: 'RFC 3339.' }),
  },
  { $id: 'ClusterNode' },
);
export type ClusterNode = Static<typeof ClusterNode>;

export const ClusterNodeList = shownList('ClusterNodeList', ClusterNode);
export type ClusterNodeList = Static<typeof ClusterNodeList>;
