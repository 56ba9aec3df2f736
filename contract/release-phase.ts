import type { ReleasePhase } from './schemas/event.ts';
import type { ReleaseInfo } from './schemas/release.ts';

/** What the phase of a release follows from. `status` is Helm's, `unreadable`, or empty without a record. */
export type PhaseFacts = Pick<ReleaseInfo, 'paused' | 'status' | 'ready'> & {
  readonly task?: Pick<NonNullable<ReleaseInfo['task']>, 'state'>;
};

/**
 * The state of a release in one word: the only source of `phase`, in answers, events and clients. Never `deleted`: a
 * release that is gone has no facts.
 */
export function phaseOf({ task, paused, status, ready }: PhaseFacts): Exclude<ReleasePhase, 'deleted'> {
  if (task?.state === 'queued' || task?.state === 'running') {
    return 'changing';
  }
  switch (status) {
    case '':
      return task === undefined ? 'changing' : 'failed';
    case 'failed':
    case 'unreadable':
      return 'failed';
    case 'deployed':
    case 'superseded':
      return paused ? 'paused' : ready ? 'ready' : 'progressing';
    default:
      return 'changing';
  }
}
