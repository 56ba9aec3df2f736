import { expect, test } from 'vitest';
import { stagedTask } from '../../../../test/harness/fakes/runner-stage.ts';
import { TooManyAttempts } from '../../../domain/errors/too-many-attempts.ts';
import { createRunTest } from './run-test.ts';
import { createOperationTime } from '../../../domain/tasks/operation-time.ts';

test('tests that are interrupted again and again are given up for good, without another look at the release', async () => {
  const notAsked = () => Promise.reject(new Error('this is not to be asked for'));
  const run = createRunTest({
    engine: { testRelease: notAsked, getRelease: notAsked },
    reader: { read: notAsked },
    observeRelease: notAsked,
    awaitUnlock: notAsked,
    liveView: { observe: notAsked },
    operationTime: createOperationTime(1_000),
    cache: { get: notAsked },
  });
  const task = { ...stagedTask('1', 'web'), order: { kind: 'test' } as const, attempt: 4 };
  const { signal } = new AbortController();
  const given = run(task, { signal, save: notAsked, report: () => undefined });
  await expect(given).rejects.toBeInstanceOf(TooManyAttempts);
});
