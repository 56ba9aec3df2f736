import { releaseState, taskTarget } from '../render/object-columns.ts';
import { numberAt, textAt } from '../render/read-value.ts';
import { oneLine, padTo } from '../render/width.ts';

/** What happened, for people: `TIME TYPE OBJECT REASON MESSAGE`. */
export interface Happening {
  /** RFC 3339; empty if nobody says when. */
  readonly time: string;
  readonly type: 'release' | 'task' | 'kube';
  readonly object: string;
  readonly reason: string;
  readonly message: string;
}

/** The state of a release as something that happened: as the stream tells it, or as a list has it. */
export function releaseHappening(release: unknown): Happening {
  return {
    time: textAt(release, 'time') || textAt(release, 'updated'),
    type: 'release',
    object: `${textAt(release, 'namespace')}/${textAt(release, 'name')}`,
    reason: textAt(release, 'time') === '' ? releaseState(release) : textAt(release, 'phase'),
    message: [textAt(release, 'reason'), textAt(release, 'message')].filter(Boolean).join(': '),
  };
}

/** A task as something that happened. */
export function taskHappening(task: unknown): Happening {
  const message = textAt(task, 'error', 'message') || textAt(task, 'progress', 'message');
  return {
    time: textAt(task, 'finishedAt') || textAt(task, 'startedAt') || textAt(task, 'createdAt'),
    type: 'task',
    object: taskTarget(task),
    reason: `${textAt(task, 'operation')} ${textAt(task, 'state')}`,
    message: `${message}  ${textAt(task, 'id')}`.trim(),
  };
}

/** An event of Kubernetes about an object of a release. */
export function kubeHappening(event: unknown): Happening {
  const count = numberAt(event, 'count');
  return {
    time: textAt(event, 'lastTimestamp') || textAt(event, 'firstTimestamp'),
    type: 'kube',
    object: `${textAt(event, 'object', 'kind')} ${textAt(event, 'object', 'name')}`.trim(),
    reason: `${textAt(event, 'type') === 'Warning' ? '! ' : ''}${textAt(event, 'reason')}`,
    message: `${textAt(event, 'message')}${count > 1 ? `  (${count} times)` : ''}`,
  };
}

/** One line of it. */
export function happeningLine({ time, type, object, reason, message }: Happening): string {
  const clock = time.slice(0, 19).replace('T', ' ');
  return oneLine(`${padTo(clock, 20)}${padTo(type, 9)}${padTo(object, 28)} ${padTo(reason, 20)} ${message}`).trimEnd();
}

/** What makes an event of Kubernetes another one than before: the cluster counts repetitions up in one event. */
export function kubeEventKey(event: unknown): string {
  const { time, object, reason, message } = kubeHappening(event);
  return JSON.stringify([time, object, reason, message]);
}
