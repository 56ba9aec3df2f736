import { RELEASES, type Right, type Verb } from '../../../contract/schemas/access.ts';
import { type AccessQuestion, questionOf } from '../access/access-question.ts';
import { stepsOf, type Task, type TaskOrder } from './task.ts';

/** The right needed to delete claims, in addition to all others. */
const REMOVE_CLAIMS: Right = { verb: 'delete', group: '', resource: 'persistentvolumeclaims' };

/**
 * The rights that the caller of a task needs, when it is accepted and again when it starts (decision 31: rights are
 * checked again).
 */
export function rightsOfTask({ namespace, release, order }: Pick<Task, 'namespace' | 'release' | 'order'>) {
  const verbs = verbsOf(order).map((verb): Right => ({ verb, ...RELEASES }));
  const removesClaims = stepsOf(order).some((one) => 'deletePvcs' in one && one.deletePvcs);
  return [...verbs, ...(removesClaims ? [REMOVE_CLAIMS] : [])].map((right): AccessQuestion =>
    questionOf(right, namespace, right.resource === RELEASES.resource ? release : ''),
  );
}

function verbsOf(order: TaskOrder): Verb[] {
  switch (order.kind) {
    case 'install':
    case 'upgrade':
      // Whether the release will exist is not known before the task's turn.
      return order.upsert === true ? ['create', 'update'] : [order.kind === 'install' ? 'create' : 'update'];
    case 'createProject':
      return ['create'];
    case 'changeProject':
      return [...new Set(order.steps.flatMap((step) => verbsOf(step.order)))];
    case 'applyProject': {
      const verbs = order.steps.flatMap((step) => verbsOf(step.order));
      return [...new Set([...verbs, ...(order.onFailure === 'rollback' ? verbs.flatMap(undoing) : [])])];
    }
    case 'delete':
    case 'deleteProject':
      return ['delete'];
    case 'pauseProject':
    case 'recoverProject':
    case 'restartProject':
    case 'restart':
    case 'pause':
    case 'recover':
    case 'adopt':
    case 'detach':
    case 'rollback':
    case 'hold':
    case 'test':
      return ['update'];
    default:
      return order satisfies never;
  }
}

/** The rights to undo what took the right `verb`; what was deleted stays so. */
function undoing(verb: Verb): Verb[] {
  switch (verb) {
    case 'create':
      return ['delete'];
    case 'update':
      return ['update'];
    default:
      return [];
  }
}
