import { beforeEach, expect, test } from 'vitest';
import { person } from '../../../../test/harness/fakes/person.ts';
import { recordedRevision, releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryHelm, type MemoryHelm } from '../../../adapters/memory/helm-releases.ts';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { type AutomationRules, isMadeBy } from '../../../domain/automation/automation.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../../domain/release/release-record.ts';
import type { SealState } from '../../../domain/seals/seal-state.ts';
import { denialOf, type Judgement } from '../../automation/judge-automation.ts';
import type { Change } from './accept-change.ts';
import { createHandleFailedRollout } from './handle-failed-rollout.ts';

const ann = person('ann');
const since = '2026-01-01T00:00:00Z';
const rules: AutomationRules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 1 };
const sealed: SealState = { sealed: true, by: ann, at: since, operation: 'upgrade' };

let helm: MemoryHelm;
let submitted: Change[];
let judgement: Judgement;
let refusal: Error | null;
/** How the tasks of the first keys have ended. */
let ended: Error[];
/** Whether ann has every right by now. */
let given: boolean;

beforeEach(() => {
  helm = createMemoryHelm(createManualClock());
  submitted = [];
  judgement = { may: true, as: ann, since };
  refusal = null;
  ended = [];
  given = false;
});

/** A release whose second revision requests a rollback on failure. */
function stage(first: SealState = sealed): ReleaseRecord {
  const config = releaseConfig({ onFailure: 'rollback' });
  helm.record(recordedRevision({ revision: 1, status: 'superseded', releaseConfig: config, seal: first }));
  const second = recordedRevision({ revision: 2, status: 'deployed', releaseConfig: config, seal: sealed });
  helm.record(second);
  return toReleaseRecord(second, { earlier: null, firstWritten: since });
}

function answer(record: ReleaseRecord) {
  const answering = createHandleFailedRollout({
    engine: helm,
    judgeAutomation: () => Promise.resolve(judgement),
    hasRight: () => Promise.resolve(given),
    isMadeBy: (who, release) => isMadeBy(who, release, rules, 0),
    denialOf: (error) => denialOf(error, { serviceAccount: '' }),
    acceptChange(change) {
      const keys = new Set(submitted.map(({ options }) => options.idempotencyKey));
      const isNew = !keys.has(change.options.idempotencyKey);
      submitted.push(change);
      const failure = refusal ?? (isNew ? ended[keys.size] : ended[[...keys].indexOf(change.options.idempotencyKey)]);
      return failure === undefined
        ? Promise.resolve({ task: null, finished: false, warnings: [] })
        : Promise.reject(failure);
    },
  });
  return answering(record, 'it crashes', new AbortController().signal);
}

test('a failed rollout is answered in the name of who made it', async () => {
  expect(await answer(stage())).toEqual({ is: 'submitted' });
  expect(submitted).toMatchObject([
    {
      order: { kind: 'rollback', revision: 1 },
      options: { caller: ann, unattended: { since }, expectedRevision: 2 },
    },
  ]);
});

test('not when they may not any more', async () => {
  judgement = { may: false, reason: 'ann may not' };
  expect(await answer(stage())).toEqual({ is: 'denied', denial: judgement });
  expect(submitted).toEqual([]);
});

test('not by a revision that was edited', async () => {
  expect(await answer(stage({ sealed: false, reason: 'it was edited' }))).toMatchObject({
    denial: { reason: expect.stringContaining('it was edited') },
  });
  expect(submitted).toEqual([]);
});

test('not to a revision of another person, who may have had no right to what is in it', async () => {
  const bobs: SealState = { ...sealed, by: person('bob') };
  expect(await answer(stage(bobs))).toMatchObject({
    denial: { reason: expect.stringContaining('another caller') },
  });
  expect(submitted).toEqual([]);
});

test("the cluster's refusal is reported, and nothing else", async () => {
  refusal = problem('FORBIDDEN', 'user "ann" cannot update releaseconfigs');
  expect(await answer(stage())).toMatchObject({
    denial: { reason: 'user "ann" cannot update releaseconfigs' },
  });
  refusal = problem('CLUSTER_UNREACHABLE', 'away');
  await expect(answer(stage())).rejects.toThrow('away');
});

const givenUp = problem('ENGINE_STOPPED', 'the operation was interrupted 6 times and is given up', { task: 'one' });

test('a reaction that was given up because it was interrupted is requested again, once', async () => {
  ended = [givenUp];
  const record = stage();
  expect(await answer(record)).toEqual({ is: 'submitted' });
  expect(await answer(record)).toEqual({ is: 'submitted' });
  const keys = submitted.map(({ options }) => options.idempotencyKey);
  expect(new Set(keys).size).toBe(2);
  expect(keys.slice(2)).toEqual(keys.slice(0, 2));
});

test('not forever, and not when it failed by itself or nobody knows of a task', async () => {
  ended = [givenUp, givenUp, givenUp, givenUp];
  await expect(answer(stage())).rejects.toThrow('given up');
  expect(submitted).toHaveLength(3);
  for (const failure of [
    problem('FIELD_IMMUTABLE', 'a field cannot be changed', { task: 'one' }),
    problem('ENGINE_STOPPED', 'the engine has ended'),
  ]) {
    [submitted, ended] = [[], [failure]];
    await expect(answer(stage())).rejects.toThrow(failure.message);
    expect(submitted).toHaveLength(1);
  }
});

test('one that the cluster refused is requested again once the right was given', async () => {
  const message =
    'deployments.apps "web" is forbidden: User "ann" cannot patch resource "deployments" in API group "apps" in the namespace "demo"';
  ended = [problem('FORBIDDEN', message, { task: 'one' })];
  const record = stage();
  for (let i = 0; i < 3; i++) {
    expect(await answer(record)).toMatchObject({ is: 'denied', denial: { missing: { resource: 'deployments' } } });
  }
  expect(new Set(submitted.map(({ options }) => options.idempotencyKey)).size).toBe(1);
  given = true;
  expect(await answer(record)).toEqual({ is: 'submitted' });
  expect(new Set(submitted.map(({ options }) => options.idempotencyKey)).size).toBe(2);
});

test('a repetition is the same request, whatever the failure and the goal are called by then', async () => {
  await answer(stage());
  expect(submitted).toMatchObject([{ asked: { onFailure: 'rollback' } }]);
});

test('without a revision to go back to there is nothing to do', async () => {
  const revision = recordedRevision({
    revision: 1,
    releaseConfig: releaseConfig({ onFailure: 'rollback' }),
    seal: sealed,
  });
  helm.record(revision);
  expect(await answer(toReleaseRecord(revision, { earlier: null, firstWritten: since }))).toEqual({ is: 'nothing' });
});
