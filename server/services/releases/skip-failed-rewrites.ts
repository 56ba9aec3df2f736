import { isFailedRewrite } from '../../domain/rewritten-config.ts';
import type { TaskOrder } from '../../domain/task.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { GuardUnattended } from '../automation/guard-unattended.ts';
import { judgedOf } from '../automation/judge-revisions.ts';
import type { createFindWritten } from './find-written.ts';
import type { ChangeToCarryOut } from './run-change.ts';

export type SkipFailedRewritesDeps = {
  engine: Pick<HelmEngine, 'getRelease' | 'releaseHistory'>;
  findWritten: ReturnType<typeof createFindWritten>;
  guard: Pick<GuardUnattended, 'use'>;
};

/**
 * Begins a change at the newest revision that is not the remains of a failed rewrite, be it of this task, which was
 * interrupted, or of another: what such a revision says of the release never came true.
 */
export function createSkipFailedRewrites({ engine, findWritten, guard }: SkipFailedRewritesDeps) {
  return async <Order extends TaskOrder>(change: ChangeToCarryOut<Order>): Promise<ChangeToCarryOut<Order>> => {
    const { task, call } = change;
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    if (!isFailedRewrite(change.current)) {
      return change;
    }
    const history = await engine.releaseHistory(target, call);
    for (const { revision } of history.toReversed()) {
      const earlier = revision < change.current.revision ? await engine.getRelease(target, revision, call) : null;
      if (earlier !== null && !isFailedRewrite(earlier)) {
        guard.use(task, earlier);
        return {
          ...change,
          current: earlier,
          written: await findWritten(earlier, task.caller, call),
          ...(change.judged && { judged: [...change.judged, judgedOf(earlier)] }),
        };
      }
    }
    return change;
  };
}
