import type { WaitForLock } from '../../../domain/change/seen-release.ts';
import { planTests, type TestsStep } from '../../../domain/change/tests-plan.ts';
import { releaseNotFound, releasePaused, revisionMismatch } from '../../../domain/errors/release-problems.ts';
import type { ReleaseTests } from '../../../../contract/schemas/release-check.ts';
import { TooManyAttempts, MAX_ATTEMPTS } from '../../../domain/errors/too-many-attempts.ts';
import { maskReference } from '../../../domain/masking/mask-reference.ts';
import { ProblemError } from '../../../domain/errors/problem-error.ts';
import { type Task, taskKey, type TestOrder, type OrderOf } from '../../../domain/tasks/task.ts';
import { keepTestLogs } from '../../../domain/tasks/test-logs.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { OperationTime } from '../../../domain/tasks/operation-time.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { RevisionReader } from '../../history/read-revision.ts';
import type { TaskExecutor, TaskResult, TaskRun } from '../../tasks/task-executor.ts';
import { maskProgress } from '../compose/without-secrets.ts';
import { actOnRelease, type ActOnReleaseDeps } from './act-on-release.ts';

export type RunTestDeps = ActOnReleaseDeps & {
  engine: Pick<HelmReader, 'getRelease'> & Pick<HelmWriter, 'testRelease'>;
  reader: Pick<RevisionReader, 'read'>;
  liveView: { observe: (key: ReleaseKey, release: HelmRelease | null) => Promise<void> };
  operationTime: OperationTime;
  cache: Pick<ReleaseCache, 'get'>;
};

const RECHECK_MS = 1_000;

/**
 * Runs the test hooks of a release. Helm records the result in the newest revision and writes no new one: interrupted
 * tests are run again, and failing tests do not fail the task.
 * @throws ProblemError RELEASE_NOT_FOUND, RELEASE_PAUSED, REVISION_MISMATCH, ENGINE_STOPPED after too many interruptions, and what the
 * engine throws
 */
export function createRunTest(deps: RunTestDeps): TaskExecutor<OrderOf<'test'>> {
  const { engine, reader, liveView } = deps;

  return async function runTest(task, run) {
    const { order, namespace, release } = task;
    if (task.attempt > MAX_ATTEMPTS) {
      throw new TooManyAttempts('the run of the tests', MAX_ATTEMPTS);
    }
    const call = { requestId: task.requestId, signal: run.signal };
    return actOnRelease<Exclude<TestsStep, WaitForLock>>(deps, task, run, {
      call,
      knowsOwn: false,
      decide: (current, { history }) => planTests(current, history),
      async act(step, { task: current, save }) {
        switch (step.do) {
          case 'miss':
            throw releaseNotFound(namespace, release);
          case 'refuse':
            throw revisionMismatch(namespace, release, task.expectedRevision ?? 0, step.revision);
          case 'test': {
            if ((await deps.cache.get(taskKey(task)))?.paused === true) {
              throw releasePaused(namespace, release, 'test');
            }
            if (current.revision !== step.revision) {
              await save({ revision: step.revision });
            }
            return runOnce(task, order, run);
          }
        }
      },
    });
  };

  async function runOnce(task: Task, order: TestOrder, run: TaskRun): Promise<TaskResult> {
    try {
      const tests = await runHooks(task, order, run);
      return { revision: tests.revision, tests };
    } catch (error) {
      // An operation of another Helm client started in the meantime.
      if (error instanceof ProblemError && error.code === 'RELEASE_LOCKED') {
        return { recheckMs: RECHECK_MS };
      }
      throw error;
    }
  }

  async function runHooks(task: Task, { names }: TestOrder, run: TaskRun): Promise<ReleaseTests> {
    const { caller, requestId, namespace, release } = task;
    const target = { identity: caller, namespace, name: release };
    const { revision, secrets } = await reader.read({ namespace, release, caller, requestId }, undefined, run.signal);
    const timeoutMs = deps.operationTime(task);
    const runs = await engine.testRelease(
      { ...target, timeoutMs, ...(names && { filter: names }) },
      { requestId, signal: run.signal, onProgress: maskProgress(secrets.masker, run.report) },
    );
    await liveView.observe(
      taskKey(task),
      await engine.getRelease(target, undefined, { requestId, signal: run.signal }),
    );
    const tests = runs.map(({ name, kind, phase, startedAt, completedAt, message, log }) => ({
      ...maskReference({ name, kind }, secrets.masker),
      phase,
      startedAt,
      completedAt,
      message: secrets.masker.text(message),
      log: secrets.masker.text(log),
    }));
    const failed = tests.filter(({ phase }) => phase !== 'Succeeded').map(({ name }) => name);
    return { revision: revision.revision, passed: failed.length === 0, failed, tests: keepTestLogs(tests) };
  }
}
