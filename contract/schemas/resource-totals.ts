import { Type, type Static } from 'typebox';
import { nullable, TextMap } from './json.ts';

/** Storage of each pod of a workload, or of a claim. */
export const StorageTotals = Type.Object(
  {
    name: Type.String(),
    type: Type.Union([Type.Literal('tosDisk'), Type.Literal('pvc')], {
      description: '`tosDisk`: a disk of the platform of the original Walm; `pvc`: a claim.',
    }),
    storageClass: Type.String({ description: 'StorageClass; empty for the default class of the cluster.' }),
    size: Type.Integer({ description: 'In Gi, rounded down.' }),
  },
  { $id: 'StorageTotals' },
);
export type StorageTotals = Static<typeof StorageTotals>;

/** The resources of one pod. */
export const PodTotals = Type.Object(
  {
    cpu: Type.Number({ description: 'In cores, with a precision of 0.001.' }),
    memory: Type.Integer({ description: 'In Mi, rounded down.' }),
    storage: nullable(Type.Array(StorageTotals)),
  },
  { $id: 'PodTotals' },
);
export type PodTotals = Static<typeof PodTotals>;

const ofWorkload = { name: Type.String(), podRequests: PodTotals, podLimits: PodTotals };
const count = Type.Integer({ description: '0 if the manifest does not set it.' });

const ReplicatedTotals = Type.Object({ replicas: count, ...ofWorkload }, { $id: 'ReplicatedTotals' });
const DaemonSetTotals = Type.Object({ nodeSelector: nullable(TextMap), ...ofWorkload }, { $id: 'DaemonSetTotals' });
const JobTotals = Type.Object({ parallelism: count, completions: count, ...ofWorkload }, { $id: 'JobTotals' });

/** Pods that no Deployment, StatefulSet, DaemonSet or Job creates. */
const OtherTotals = Type.Object(
  {
    kind: Type.String({ description: '`ReplicaSet`, `ReplicationController` or `Pod`.' }),
    replicas: count,
    ...ofWorkload,
  },
  { $id: 'OtherTotals' },
);
export type OtherTotals = Static<typeof OtherTotals>;

const Compute = Type.Object({
  cpu: Type.Number({ description: 'In cores, with a precision of 0.001.' }),
  memory: Type.Integer({ description: 'In Mi, rounded down.' }),
});

/** The total, including all concurrent pods. */
export const TotalSum = Type.Object(
  {
    pods: Type.Integer({
      description:
        'Replicas (1 by default), the concurrent pods of Jobs, and one pod per node that a DaemonSet selects and tolerates.',
    }),
    requests: Compute,
    limits: Compute,
    storage: Type.Array(
      Type.Object({ storageClass: Type.String(), size: Type.Integer({ description: 'In Gi, rounded down.' }) }),
      { description: 'Claims and disks of all pods, by storage class.' },
    ),
  },
  { $id: 'TotalSum' },
);
export type TotalSum = Static<typeof TotalSum>;

const quantity = (description: string) => Type.String({ description: `Kubernetes quantity: ${description}` });

/** One limit of a ResourceQuota. */
export const QuotaLimit = Type.Object(
  {
    resource: Type.String({ description: 'Resource name of the quota: `requests.cpu`, `pods`, `count/services`, …' }),
    hard: quantity('the limit.'),
    used: quantity('in use now.'),
    needed: quantity('what the release takes in addition; for an upgrade the growth only, never below 0.'),
    remaining: quantity('what is left now, without the release: `hard` minus `used`.'),
    fits: Type.Boolean({ description: 'Whether `needed` is at most `remaining`.' }),
  },
  { $id: 'QuotaLimit' },
);
export type QuotaLimit = Static<typeof QuotaLimit>;

/** Whether the release fits into the ResourceQuotas of its namespaces. */
export const QuotaVerdict = Type.Object(
  {
    fits: Type.Boolean({ description: 'Whether the release fits into every quota.' }),
    reasons: Type.Array(Type.String(), { description: 'Why the release does not fit; empty if it fits.' }),
    quotas: Type.Array(
      Type.Object({
        namespace: Type.String(),
        name: Type.String(),
        scopes: Type.Array(Type.String(), { description: 'Scopes of the quota; empty if it counts everything.' }),
        limits: Type.Array(QuotaLimit),
      }),
    ),
  },
  { $id: 'QuotaVerdict' },
);
export type QuotaVerdict = Static<typeof QuotaVerdict>;

/** The resources of a release: cores, Mi and Gi (decision 16: units). */
export const ReleaseTotals = Type.Object(
  {
    deployments: nullable(Type.Array(ReplicatedTotals)),
    statefulSets: nullable(Type.Array(ReplicatedTotals)),
    daemonSets: nullable(Type.Array(DaemonSetTotals)),
    jobs: nullable(Type.Array(JobTotals)),
    others: nullable(Type.Array(OtherTotals)),
    pvcs: nullable(Type.Array(StorageTotals)),
    total: TotalSum,
    quota: QuotaVerdict,
  },
  { $id: 'ReleaseTotals' },
);
export type ReleaseTotals = Static<typeof ReleaseTotals>;
