import { expect, test } from 'vitest';

import { TooManyAttempts } from '../../../domain/errors/too-many-attempts.ts';
import { createMasker } from '../../../domain/masking/masker.ts';
import { problem, ProblemError } from '../../../domain/errors/problem-error.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { OrderKind } from '../../../domain/tasks/task.ts';
import { orderOf, taskWith } from '../../../../test/harness/fakes/tasks.ts';
import type { TaskExecutor, TaskExecutors } from '../../tasks/task-executor.ts';
import { maskFailures } from './mask-failures.ts';

const SECRET = 'hunter2-secret';
const record = { masker: createMasker([{ text: SECRET }]) } as ReleaseRecord;

/** Every order kind: a new kind does not compile without a line here. */
const kinds: Record<OrderKind, true> = {
  install: true,
  upgrade: true,
  delete: true,
  rollback: true,
  restart: true,
  pause: true,
  recover: true,
  adopt: true,
  detach: true,
  hold: true,
  test: true,
  createProject: true,
  changeProject: true,
  applyProject: true,
  pauseProject: true,
  recoverProject: true,
  restartProject: true,
  deleteProject: true,
};
const everyKind = Object.keys(kinds) as OrderKind[];

const taskOf = <Kind extends OrderKind>(kind: Kind) => ({ ...taskWith(), order: orderOf(kind) });

const quoting = () =>
  new ProblemError('ADMISSION_REFUSED', `refused: ${SECRET}`, {
    details: { causes: [{ message: btoa(`xx${SECRET}`) }], [SECRET]: SECRET },
    object: { kind: 'Pod', namespace: SECRET, name: `x-${SECRET}` },
    cause: new Error(SECRET),
  });

async function run(kind: OrderKind, execute: TaskExecutor, known: (ReleaseRecord | undefined)[]) {
  const noted: unknown[] = [];
  const cache = { get: () => Promise.resolve(known.length > 1 ? known.shift() : known[0]) };
  const masked = maskFailures({ [kind]: execute } as TaskExecutors, { cache })[kind] as TaskExecutor;
  const run_ = {
    signal: new AbortController().signal,
    report: (progress: unknown) => noted.push(progress),
    save: () => Promise.resolve(taskOf(kind)),
  };
  try {
    noted.push(await masked(taskOf(kind), run_));
  } catch (error) {
    noted.push(error);
  }
  return noted;
}

/** Everything that was reported, as one text: the JSON of an error lacks its fields. */
const shown = (noted: unknown[]) =>
  JSON.stringify(
    noted.map((one) => {
      if (!(one instanceof ProblemError)) return one;
      const { code, message, details, object, cause } = one;
      return { code, message, details, object, cause: String(cause) };
    }),
  );

test.each(everyKind)('a task to %s tells no secret: what it fails with, warns of and reports', async (kind) => {
  const failing: TaskExecutor = (_task, { report }) => {
    report({ phase: 'apply', message: `applying ${SECRET}` });
    throw quoting();
  };
  const warning: TaskExecutor = () =>
    Promise.resolve({ warnings: [{ code: 'OBJECT_KEPT', message: `Pod ${SECRET}` }] });
  for (const execute of [failing, warning]) {
    const noted = await run(kind, execute, [record]);
    expect(noted).not.toEqual([]);
    expect(shown(noted)).toContain('***');
    expect(shown(noted)).not.toContain(SECRET);
  }
});

test('what is secret is known from the release as it was, and as it is', async () => {
  const fail: TaskExecutor = () => Promise.reject(quoting());
  for (const known of [
    [record, undefined],
    [undefined, record],
  ]) {
    const noted = await run('delete', fail, known);
    expect(noted[0]).toMatchObject({ code: 'ADMISSION_REFUSED', object: { kind: 'Pod' } });
    expect(shown(noted)).not.toContain(SECRET);
  }
});

test('foreign error texts about an unknown release are hidden', async () => {
  const fail: TaskExecutor = () => Promise.reject(quoting());
  const noted = await run('delete', fail, [undefined]);
  expect(noted[0]).toMatchObject({
    code: 'ADMISSION_REFUSED',
    details: {},
    message: expect.stringContaining('shop/web'),
  });
  expect(shown(noted)).not.toContain(SECRET);
});

test("Walm's own problems stay as they are", async () => {
  const own = problem('RELEASE_NOT_FOUND', 'the release shop/web is not found');
  const givenUp = new TooManyAttempts('the operation', 3);
  for (const error of [own, givenUp]) {
    for (const known of [record, undefined]) {
      const [noted] = await run('delete', () => Promise.reject(error), [known]);
      expect(noted).toBeInstanceOf(error.constructor);
      expect(noted).toMatchObject({ code: error.code, message: error.message });
    }
  }
});

test('an unreadable cache adds nothing', async () => {
  const masked = maskFailures(
    { delete: () => Promise.reject(quoting()) },
    { cache: { get: () => Promise.reject(new Error('gone')) } },
  );
  const signal = new AbortController().signal;
  const failure = masked.delete(taskOf('delete'), {
    signal,
    report: () => undefined,
    save: () => Promise.reject(new Error()),
  });
  await expect(failure).rejects.not.toThrow(SECRET);
});
