import type { JudgedRevision } from '../../domain/seals/judged-revision.ts';
import type { Task } from '../../domain/task.ts';
import type { EngineCall, HelmEngine } from '../../ports/helm-engine.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';
import type { GuardUnattended } from './guard-unattended.ts';

export type JudgeRevisionsDeps = {
  engine: Pick<HelmEngine, 'getRelease' | 'releaseHistory'>;
  guard: GuardUnattended;
};

/**
 * Judges what a task that nobody asked for is about to act on: the revision that it begins at and, where that is not in
 * force, the one that is, which Helm compares with. Answers what the engine is told to hold them to; undefined for what
 * a person asks for. @throws ProblemError RELEASE_NOT_SEALED, FORBIDDEN
 */
export function createJudgeRevisions({ engine, guard }: JudgeRevisionsDeps) {
  return async (task: Task, current: HelmRelease, call: EngineCall): Promise<readonly JudgedRevision[] | undefined> => {
    guard.begin(task, current);
    if (task.unattended === undefined) {
      return undefined;
    }
    if (current.status === 'deployed') {
      return [judgedOf(current)];
    }
    const target = { identity: task.caller, namespace: task.namespace, name: task.release };
    const history = await engine.releaseHistory(target, call);
    const summary = history.findLast(({ status }) => status === 'deployed');
    const deployed = summary === undefined ? null : await engine.getRelease(target, summary.revision, call);
    if (deployed === null) {
      return [judgedOf(current)];
    }
    guard.use(task, deployed);
    return [judgedOf(current), judgedOf(deployed)];
  };
}

/** What a sealed revision was judged by. */
export function judgedOf({ namespace, name, revision, judged }: HelmRelease): JudgedRevision {
  if (judged === undefined) {
    throw new Error(`nothing is known of the seal of revision ${revision} of release ${namespace}/${name}`);
  }
  return judged;
}
