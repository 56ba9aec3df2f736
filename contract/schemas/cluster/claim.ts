import { Type, type Static } from 'typebox';
import { described, nullable } from '../json.ts';
import { ClaimStatus } from '../release-resources.ts';
import { ownRelease } from './pod.ts';
import { shownList } from './shown-list.ts';

/** A persistent volume claim, and who uses it. */
export const ClusterClaim = Type.Object(
  {
    ...ClaimStatus.properties,
    requested: Type.String({ description: 'Requested size, a Kubernetes quantity.' }),
    usedBy: described(
      nullable(Type.Array(Type.String())),
      'Names of the pods that mount it; null for callers without `list pods`.',
    ),
    release: ownRelease,
    createdAt: Type.String({ description: 'RFC 3339.' }),
  },
  { $id: 'ClusterClaim' },
);
export type ClusterClaim = Static<typeof ClusterClaim>;

export const ClusterClaimList = shownList('ClusterClaimList', ClusterClaim);
export type ClusterClaimList = Static<typeof ClusterClaimList>;
