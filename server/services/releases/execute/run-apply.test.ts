import { beforeEach, expect, test } from 'vitest';
import { createExecutionStage, type ExecutionStage } from '../../../../test/harness/fakes/execution-stage.ts';
import { orderOf } from '../../../../test/harness/fakes/tasks.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import type { InstallOrder, UpgradeOrder } from '../../../domain/tasks/task.ts';
import { createRunApply } from './run-apply.ts';

let stage: ExecutionStage;
let exists: boolean;
/** What was carried out, and waited for. */
let done: string[];

beforeEach(() => {
  stage = createExecutionStage();
  [exists, done] = [false, []];
});

function apply(order: InstallOrder | UpgradeOrder) {
  const runApply = createRunApply({
    async runInstall() {
      done.push('install');
      if (exists) throw problem('RELEASE_EXISTS', 'it is there');
      return { revision: 1 };
    },
    async runUpgrade() {
      done.push('upgrade');
      if (!exists) throw problem('RELEASE_NOT_FOUND', 'it is not there');
      return { revision: 5 };
    },
    async awaitReady(key, { revision, timeoutMs }) {
      done.push(`${key} ${revision} is ready within ${timeoutMs}`);
    },
    operationTime: stage.deps.operationTime,
  });
  return stage.run<'install' | 'upgrade'>(runApply, order);
}

test('carries out what was asked for, and fails as that fails', async () => {
  expect(await apply(orderOf('install'))).toEqual({ revision: 1 });
  await expect(apply(orderOf('upgrade'))).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
  exists = true;
  await expect(apply(orderOf('install'))).rejects.toMatchObject({ code: 'RELEASE_EXISTS' });
  expect(await apply(orderOf('upgrade'))).toEqual({ revision: 5 });
  expect(done).toEqual(['install', 'upgrade', 'install', 'upgrade']);
});

test('does the other one where either will do, and keeps in its task which one it was', async () => {
  exists = true;
  expect(await apply({ ...orderOf('install'), upsert: true })).toEqual({ revision: 5 });
  expect(stage.saved).toMatchObject([{ order: { kind: 'upgrade', upsert: true } }]);
  exists = false;
  const { origin } = orderOf('install');
  expect(await apply({ ...orderOf('upgrade'), origin, upsert: true })).toEqual({ revision: 1 });
  expect(stage.saved.at(-1)).toMatchObject({ order: { kind: 'install' } });
  // The chart of an absent release is unknown.
  await expect(apply({ ...orderOf('upgrade'), upsert: true })).rejects.toMatchObject({ code: 'RELEASE_NOT_FOUND' });
});

test('waits until the revision is ready where that was asked for', async () => {
  await apply({ ...orderOf('install'), wait: true });
  expect(done).toEqual(['install', 'shop/web 1 is ready within 1000']);
});
