import { Type, type Static } from 'typebox';
import { AnyObject, described } from '../json.ts';
import { ClusterEvent } from './pod.ts';

/** What happened to an object of a release. */
export const ReleaseEvent = Type.Object(
  {
    ...ClusterEvent.properties,
    object: Type.Object({ kind: Type.String(), name: Type.String() }, { description: 'What it happened to.' }),
  },
  { $id: 'ReleaseEvent' },
);
export type ReleaseEvent = Static<typeof ReleaseEvent>;

export const ReleaseEventList = Type.Object(
  {
    events: Type.Array(ReleaseEvent, {
      description:
        'The newest last. Events of one object for one reason are one, with the last message and the sum of counts.',
    }),
  },
  { $id: 'ReleaseEventList' },
);
export type ReleaseEventList = Static<typeof ReleaseEventList>;

/** An object of a release, as the cluster has it. */
export const ReleaseObject = Type.Object(
  {
    apiVersion: Type.String(),
    kind: Type.String(),
    namespace: Type.String({ description: 'Empty for an object of the cluster.' }),
    name: Type.String(),
    object: described(
      AnyObject,
      'The whole object, without `managedFields` and the copy that kubectl makes of it. Secrets are `***`: those of the release, and every value of a Secret.',
    ),
  },
  { $id: 'ReleaseObject' },
);
export type ReleaseObject = Static<typeof ReleaseObject>;
