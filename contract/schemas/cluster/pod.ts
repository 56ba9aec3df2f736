import { Type, type Static } from 'typebox';
import { described, nullable } from '../json.ts';
import { PodStatus } from '../release-resources.ts';
import { shownList } from './shown-list.ts';

/** The release that an object belongs to. */
export const ownRelease = described(
  nullable(Type.String()),
  'Release of the namespace that the object belongs to; null if it belongs to none.',
);

/** A pod, as in the answer about a release, and where it is. */
export const ClusterPod = Type.Object(
  {
    ...PodStatus.properties,
    node: Type.String({ description: 'Name of its node; empty until it is scheduled.' }),
    phase: Type.String({ description: 'Pending, Running, Succeeded, Failed or Unknown, as Kubernetes says it.' }),
    release: ownRelease,
    createdAt: Type.String({ description: 'RFC 3339.' }),
  },
  { $id: 'ClusterPod' },
);
export type ClusterPod = Static<typeof ClusterPod>;

export const ClusterPodList = shownList('ClusterPodList', ClusterPod);
export type ClusterPodList = Static<typeof ClusterPodList>;

/** What happened to an object, as Kubernetes tells it. */
export const ClusterEvent = Type.Object(
  {
    type: Type.String({ description: 'Normal or Warning.' }),
    reason: Type.String({ description: 'One word, such as BackOff.' }),
    message: Type.String({ description: 'What happened.' }),
    from: Type.String({ description: 'Who reports it: component, host.' }),
    count: Type.Integer({ description: 'How often it happened.' }),
    firstTimestamp: Type.String({ description: 'RFC 3339; with `compatibility: original` as Go prints times.' }),
    lastTimestamp: Type.String({ description: 'RFC 3339; with `compatibility: original` as Go prints times.' }),
  },
  { $id: 'ClusterEvent' },
);
export type ClusterEvent = Static<typeof ClusterEvent>;

export const ClusterEventList = Type.Object(
  { events: Type.Array(ClusterEvent, { description: 'The newest 200, the newest last.' }) },
  { $id: 'ClusterEventList' },
);
export type ClusterEventList = Static<typeof ClusterEventList>;
