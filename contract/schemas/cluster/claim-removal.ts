import { Type, type Static } from 'typebox';
import { described, nullable } from '../json.ts';
import { TaskError } from '../task.ts';
import { ownRelease } from './pod.ts';

/** A claim that is, or would be, deleted with the data of its volume. */
export const ClaimRemoval = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    outcome: Type.Union([Type.Literal('planned'), Type.Literal('deleted'), Type.Literal('failed')], {
      description:
        '`planned`: it would be deleted (dry run). `deleted`: the cluster has accepted it. `failed`: it stays, or would stay.',
    }),
    capacity: Type.String({ description: 'Size of its volume, a Kubernetes quantity; empty if it has none.' }),
    volume: Type.String({ description: 'Name of its volume; empty if it has none.' }),
    release: ownRelease,
    usedBy: described(
      nullable(Type.Array(Type.String())),
      'Pods that mount it, and StatefulSets that made it, such as `statefulset demo/web`; null for callers who may not list both.',
    ),
    error: Type.Optional(Type.Object(TaskError.properties, { description: 'Why it stays.' })),
  },
  { $id: 'ClaimRemoval' },
);
export type ClaimRemoval = Static<typeof ClaimRemoval>;

/** The claims that a selector matches, and what the request did with each. */
export const ClaimRemovals = Type.Object(
  {
    dryrun: Type.Boolean(),
    num: Type.Integer({ description: 'Number of matching claims.' }),
    failed: Type.Integer({ description: 'Number of claims that stay, or would stay.' }),
    items: Type.Array(ClaimRemoval, { description: 'Sorted by name.' }),
  },
  { $id: 'ClaimRemovals' },
);
export type ClaimRemovals = Static<typeof ClaimRemovals>;
