import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { GuardUnattended } from './guard-unattended.ts';

export type JudgeRevisionsDeps = { engine: Pick<HelmReader, 'getRelease'>; guard: GuardUnattended };

/**
 * Judges the revisions that an automatic task is about to act on: the applied revision, which the change begins at and
 * Helm compares with, and the newest one if it differs (`newest`), which may have changed some objects before it
 * failed. Returns what the engine has to verify them against; undefined for tasks of users.
 * @throws ProblemError RELEASE_NOT_SEALED, FORBIDDEN
 */
export type JudgeRevisions = (
  task: Task,
  input: { current: HelmRelease; newest: number },
  call: EngineCall,
) => Promise<readonly JudgedRevision[] | undefined>;

export function createJudgeRevisions({ engine, guard }: JudgeRevisionsDeps): JudgeRevisions {
  return async function judgeRevisions(task, { current, newest }, call) {
    guard.begin(task, current);
    if (task.unattended === undefined) {
      return undefined;
    }
    if (current.revision === newest) {
      return [judgedOf(current)];
    }
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const attempt = await engine.getRelease(target, newest, call);
    if (attempt === null) {
      return [judgedOf(current)];
    }
    guard.use(task, attempt);
    return [judgedOf(current), judgedOf(attempt)];
  };
}

/** The facts by which a sealed revision was judged. */
export function judgedOf({ namespace, name, revision, judged }: HelmRelease): JudgedRevision {
  if (judged === undefined) {
    throw new Error(`nothing is known of the seal of revision ${revision} of release ${namespace}/${name}`);
  }
  return judged;
}
