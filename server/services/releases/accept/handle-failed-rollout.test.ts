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

beforeEach(() => {
  helm = createMemoryHelm(createManualClock());
  submitted = [];
  judgement = { may: true, as: ann, since };
  refusal = null;
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
    isMadeBy: (who, release) => isMadeBy(who, release, rules, 0),
    denialOf: (error) => denialOf(error, { serviceAccount: '' }),
    acceptChange(change) {
      submitted.push(change);
      return refusal === null
        ? Promise.resolve({ task: null, finished: false, warnings: [] })
        : Promise.reject(refusal);
    },
  });
  return answering(record, 'it crashes', new AbortController().signal);
}

test('a failed rollout is answered in the name of who made it', async () => {
  expect(await answer(stage())).toBeNull();
  expect(submitted).toMatchObject([
    {
      order: { kind: 'rollback', revision: 1 },
      options: { caller: ann, unattended: { since }, expectedRevision: 2 },
    },
  ]);
});

test('not when they may not any more', async () => {
  judgement = { may: false, reason: 'ann may not' };
  expect(await answer(stage())).toEqual(judgement);
  expect(submitted).toEqual([]);
});

test('not by a revision that was edited', async () => {
  expect(await answer(stage({ sealed: false, reason: 'it was edited' }))).toMatchObject({
    reason: expect.stringContaining('it was edited'),
  });
  expect(submitted).toEqual([]);
});

test('not to a revision of another person, who may have had no right to what is in it', async () => {
  const bobs: SealState = { ...sealed, by: person('bob') };
  expect(await answer(stage(bobs))).toMatchObject({ reason: expect.stringContaining('somebody else') });
  expect(submitted).toEqual([]);
});

test("the cluster's refusal is reported, and nothing else", async () => {
  refusal = problem('FORBIDDEN', 'user "ann" cannot update releaseconfigs');
  expect(await answer(stage())).toMatchObject({ reason: 'user "ann" cannot update releaseconfigs' });
  refusal = problem('CLUSTER_UNREACHABLE', 'away');
  await expect(answer(stage())).rejects.toThrow('away');
});
