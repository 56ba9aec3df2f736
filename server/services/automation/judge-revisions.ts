import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { Task } from '../../domain/tasks/task.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { GuardUnattended } from './guard-unattended.ts';

export type JudgeRevisionsDeps = { engine: Pick<HelmReader, 'getRelease'>; guard: GuardUnattended };

/**
 * Judges what a task that nobody asked for is about to act on: the applied revision, which it begins at and Helm
 * compares with, and the newest where that is another one (`newest`), which may have reached some objects before it
 * failed. Answers what the engine is told to hold them to; undefined for what a person asks for.
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

/** What a sealed revision was judged by. */
export function judgedOf({ namespace, name, revision, judged }: HelmRelease): JudgedRevision {
  if (judged === undefined) {
    throw new Error(`nothing is known of the seal of revision ${revision} of release ${namespace}/${name}`);
  }
  return judged;
}
