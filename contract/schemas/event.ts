import { Type, type Static } from 'typebox';
import { TaskInfo } from './task.ts';

/** The state of a release, in one word. */
export const ReleasePhase = Type.Union(
  [
    Type.Literal('changing'),
    Type.Literal('progressing'),
    Type.Literal('ready'),
    Type.Literal('paused'),
    Type.Literal('failed'),
    Type.Literal('deleted'),
  ],
  {
    description:
      'State of the release: an operation is in progress, objects are not ready, all are ready, paused, or the revision failed.',
  },
);
export type ReleasePhase = Static<typeof ReleasePhase>;

/** The newest failed attempt to change a release since the applied revision. It changed none of the other fields. */
export const LastFailure = Type.Object(
  {
    revision: Type.Integer({ description: 'The failed revision in the history; 0 if the attempt wrote none.' }),
    at: Type.String({ description: 'RFC 3339.' }),
    code: Type.String({ description: 'Stable code; REVISION_FAILED if it is no longer known.' }),
    message: Type.String({ description: 'Why the task failed.' }),
  },
  { description: 'Present after a failed change; the objects in the cluster are those applied before it.' },
);
export type LastFailure = Static<typeof LastFailure>;

/** The status of a release has changed. Also the value of the Kafka topic `release-status`. */
export const ReleaseStatusChange = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    revision: Type.Integer({ description: 'Helm revision; 0 while nothing is installed.' }),
    phase: ReleasePhase,
    ready: Type.Boolean(),
    reason: Type.String({
      description: 'Reason for not being ready, one word such as ImagePullBackOff or Unschedulable, or empty.',
    }),
    message: Type.String(),
    lastFailure: Type.Optional(LastFailure),
    sequence: Type.Integer({
      description: 'Increases with every change of the release; an event with a smaller number is older.',
    }),
    time: Type.String({ description: 'RFC 3339.' }),
  },
  { $id: 'ReleaseStatusChange' },
);
export type ReleaseStatusChange = Static<typeof ReleaseStatusChange>;

/** One event of the stream `GET /api/v1/events`: its type and its data. */
export type StreamEvent =
  | { readonly type: 'release'; readonly data: ReleaseStatusChange }
  | { readonly type: 'task'; readonly data: TaskInfo };

/** An event that has happened. */
export const PastEvent = Type.Object(
  {
    id: Type.String({ description: 'Position in the log of the replica that answered, as in the stream.' }),
    type: Type.Union([Type.Literal('release'), Type.Literal('task')]),
    data: Type.Union([ReleaseStatusChange, TaskInfo], { description: 'The release, or the task.' }),
  },
  { $id: 'PastEvent' },
);
export type PastEvent = Static<typeof PastEvent>;

export const PastEventList = Type.Object(
  {
    num: Type.Integer({ description: 'Number of items in this answer.' }),
    items: Type.Array(PastEvent, { description: 'Newest first.' }),
    continue: Type.Optional(Type.String({ description: '`before` of the next page; absent on the last one.' })),
  },
  { $id: 'PastEventList' },
);
export type PastEventList = Static<typeof PastEventList>;
