import type { ReleaseTests } from '../../../contract/release-check.ts';
import { isInProgress } from '../../domain/install-plan.ts';
import { problem } from '../../domain/problem-error.ts';
import { releaseKey } from '../../domain/release-key.ts';
import type { HelmEngine } from '../../ports/helm-engine.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { type RevisionReader, type RevisionReading, targetOf } from './read-revision.ts';

export type RunTestsDeps = {
  reader: RevisionReader;
  engine: Pick<HelmEngine, 'testRelease'>;
  store: Pick<TaskStore, 'unfinishedOf'>;
};

/** Which tests (all where absent), and the seconds that each may take. */
export type TestChoice = { timeoutSec: number; names?: string[] };

/**
 * Runs the test hooks of a release and answers how they went; tests that fail are no error.
 * @throws ProblemError RELEASE_NOT_FOUND, RELEASE_LOCKED while the release is being changed
 */
export function createRunTests({ reader, engine, store }: RunTestsDeps) {
  return async (reading: RevisionReading, choice: TestChoice, signal: AbortSignal): Promise<ReleaseTests> => {
    const { namespace, release: name } = reading;
    const { revision, secrets } = await reader.read(reading, undefined, signal);
    const [busy] = store.unfinishedOf(releaseKey(namespace, name));
    if (busy !== undefined || isInProgress(revision.status)) {
      throw problem(
        'RELEASE_LOCKED',
        `the release ${namespace}/${name} is being changed${busy === undefined ? '' : ` by task ${busy.task.id}`}`,
        { ...(busy !== undefined && { task: busy.task.id }) },
        { kind: 'Release', namespace, name },
      );
    }
    const runs = await engine.testRelease(
      {
        ...targetOf(reading),
        timeoutMs: choice.timeoutSec * 1000,
        ...(choice.names !== undefined && { filter: choice.names }),
      },
      { signal, requestId: reading.requestId },
    );
    const tests = runs.map((run) => ({
      name: run.name,
      kind: run.kind,
      phase: run.phase,
      startedAt: run.startedAt,
      completedAt: run.completedAt,
      message: secrets.text(run.message),
      log: secrets.text(run.log),
    }));
    const failed = tests.filter(({ phase }) => phase !== 'Succeeded').map((test) => test.name);
    return { revision: revision.revision, passed: failed.length === 0, failed, tests };
  };
}
