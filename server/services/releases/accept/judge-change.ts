import { type Known, type ReleaseAction, releaseCan } from '../../../../contract/release-can.ts';
import { absentRelease, type JudgedRelease } from '../../../../contract/release-standing.ts';
import { judgedRelease } from '../../../domain/answers/judged-release.ts';
import { refusalOf } from '../../../domain/errors/release-problems.ts';
import { newestOf, type ReleaseRecord } from '../../../domain/release/release-record.ts';
import { isUnreadable } from '../../../domain/release/unreadable-record.ts';
import { wasInForce } from '../../../domain/revisions/applied-revision.ts';
import { presentRevision, type SeenRevision } from '../../../domain/revisions/history.ts';
import type { TaskOrder } from '../../../domain/tasks/task.ts';

type Judged = { namespace: string; release: string; order: TaskOrder };

/**
 * Judges a change of a release at rest, by what the API shows of it. `record` is what is known of it, `history` what
 * was just read (oldest first): where they differ, the change is left to its task, as are records that cannot be read.
 * @throws ProblemError what `releaseCan` refuses it with
 */
export function judgeChange(
  { namespace, release, order }: Judged,
  record: ReleaseRecord | undefined,
  history: readonly SeenRevision[],
): 'change' | 'nothing' {
  const action = actionOf(order);
  const shown = record === undefined ? null : shownAs(record, history);
  // A rollback depends on the history only.
  const seen = shown ?? (action === 'rollback' ? seenRelease(namespace, release, history) : null);
  if (action === null || seen === null) {
    return 'change';
  }
  const known = knownOf(order, history);
  const refusal = refusalOf(seen, action, known.known, known.details);
  if (refusal !== null) {
    throw refusal;
  }
  return releaseCan(seen, action, known.known).can === 'nothing' ? 'nothing' : 'change';
}

/** Null: the record is not that of the newest revision, or cannot be read. */
function shownAs(record: ReleaseRecord, history: readonly SeenRevision[]): JudgedRelease | null {
  const [present, newest] = [presentRevision(history), newestOf(record)];
  const isKnown = present?.revision === newest.revision && present.status === newest.status;
  return isKnown && !isUnreadable(record) ? judgedRelease(record) : null;
}

function seenRelease(namespace: string, name: string, history: readonly SeenRevision[]): JudgedRelease | null {
  const present = presentRevision(history);
  return present === undefined
    ? null
    : { ...absentRelease(namespace, name), version: present.revision, status: present.status };
}

/** Orders that the server gives itself, and those that are judged elsewhere, have none. */
function actionOf({ kind }: TaskOrder): ReleaseAction | null {
  switch (kind) {
    case 'pause':
    case 'recover':
    case 'restart':
    case 'rollback':
    case 'delete':
    case 'adopt':
    case 'detach':
    case 'test':
      return kind;
    case 'install':
    case 'upgrade':
    case 'hold':
    case 'applyProject':
    case 'changeProject':
    case 'createProject':
    case 'pauseProject':
    case 'recoverProject':
    case 'restartProject':
    case 'deleteProject':
      return null;
    default:
      return kind satisfies never;
  }
}

function knownOf(
  order: TaskOrder,
  history: readonly SeenRevision[],
): { known: Known; details: Record<string, unknown> } {
  if (order.kind !== 'rollback') {
    return { known: {}, details: {} };
  }
  const { revision } = order;
  const revisions = history.map((one) => ({ revision: one.revision, applied: wasInForce(one) }));
  const kept = revisions.map((one) => one.revision);
  return { known: { revision, revisions }, details: { ...(revision > 0 && { revision }), kept } };
}
