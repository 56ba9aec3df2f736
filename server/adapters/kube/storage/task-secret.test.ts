import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';

import type { Task } from '../../../domain/tasks/task.ts';
import { encodeTask, refuseLargeTask } from './task-secret.ts';

const seal = (text: string) => Promise.resolve(`sealed ${text.length}`);

/** Random bytes in hexadecimal: gzip halves them, and no more. */
const NOISE = randomBytes(2 * 1024 * 1024).toString('hex');

function taskWith(values: string): Task {
  return {
    id: 'id-1',
    namespace: 'shop',
    release: 'web',
    state: 'queued',
    attempt: 0,
    caller: null,
    requestId: values,
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    order: { kind: 'delete', deletePvcs: false, ignoreNotFound: false },
  };
}

test.each([
  [0, false],
  [900_000, false],
  [1_032_192, false],
  [1_700_000, false],
  [2_000_000, true],
  [4_000_000, true],
])('a task with %d characters of noise: too large is %s, however one asks', async (characters, tooLarge) => {
  const task = taskWith(NOISE.slice(0, characters));
  for (const ask of [refuseLargeTask, (given: Task) => encodeTask(given, 'walm-system', seal)]) {
    const code = await ask(task).then(
      () => null,
      (error: unknown) => (error as { code?: string }).code,
    );
    expect(code).toBe(tooLarge ? 'BODY_TOO_LARGE' : null);
  }
});
