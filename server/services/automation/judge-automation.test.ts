import { beforeEach, expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock, type ManualClock } from '../../adapters/memory/manual-clock.ts';
import type { AutomationRules } from '../../domain/automation/automation.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../domain/release/release-record.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';
import { createAuthorization } from '../access/authorization.ts';
import { createGuardUnattended } from './guard-unattended.ts';
import { createJudgeAutomation } from './judge-automation.ts';
import { createJudgeInjection } from './judge-injection.ts';

const ann = person('ann');
const bob = person('bob');
const rules: AutomationRules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 };
const sealedBy = (by: Caller | null): SealState => ({
  sealed: true,
  by,
  at: '2026-01-01T00:00:00Z',
  operation: 'upgrade',
});
const forged: SealState = { sealed: false, reason: 'it was edited' };

let clock: ManualClock;
let rights: string[];
let deployed: Map<ReleaseKey, ReleaseRecord>;

beforeEach(() => {
  clock = createManualClock();
  rights = ['update demo', 'get demo', 'get other'];
  deployed = new Map();
});

function judge(serviceAccount = '') {
  const user = serviceAccount === '' ? 'ann' : `system:serviceaccount:demo:${serviceAccount}`;
  const reviews = createMemoryAccessReviews([{ user, groups: [], token: 't', rights }]);
  const authorization = createAuthorization({ reviews, clock });
  const judgeAutomation = createJudgeAutomation({ authorization, rules: { ...rules, serviceAccount }, clock });
  return createJudgeInjection({ judgeAutomation, findDeployed: async (key) => deployed.get(key) ?? null });
}

function record(name: string, seal: SealState, provider?: string): ReleaseRecord {
  const [namespace = '', release = ''] = name.split('/');
  const dependencies: Record<string, string> = provider === undefined ? {} : { it: provider };
  const revision = recordedRevision({ namespace, name: release, releaseConfig: releaseConfig({ dependencies }), seal });
  return toReleaseRecord(revision, { earlier: null, firstWritten: '' });
}

function stage(ka: SealState, zk: SealState, deployedKa = ka): ReleaseRecord {
  deployed.set('other/zk', record('other/zk', zk));
  deployed.set('demo/ka', record('demo/ka', deployedKa));
  return record('demo/ka', ka, 'other/zk');
}

test('the maker of a release may pass on only what the maker may get', async () => {
  expect(await judge()(stage(sealedBy(ann), sealedBy(bob)))).toMatchObject({ may: true, as: ann });
});

test.each([
  ['update', ['get demo', 'get other'], { verb: 'update', resource: 'releaseconfigs', namespace: 'demo', name: 'ka' }],
  ['get', ['update demo'], { verb: 'get', resource: 'releaseconfigs', namespace: 'other', name: 'zk' }],
])('a right to %s that is gone is named', async (_, left, missing) => {
  rights = left;
  expect(await judge()(stage(sealedBy(ann), sealedBy(bob)))).toMatchObject({ may: false, missing });
});

test.each([
  ['the release', forged, sealedBy(ann), sealedBy(ann)],
  ['its deployed revision', sealedBy(ann), sealedBy(ann), forged],
  ['its provider', sealedBy(ann), forged, sealedBy(ann)],
])('where %s is not sealed Walm does nothing by itself', async (_, ka, zk, before) => {
  const judgement = await judge()(stage(ka, zk, before));
  expect(judgement).toMatchObject({ may: false, reason: expect.stringContaining('it was edited') });
});

test('a namespace without the service account says what it needs', async () => {
  rights = [];
  const judgement = await judge('bot')(stage(sealedBy(ann), sealedBy(ann)));
  expect(judgement).toMatchObject({ may: false, reason: expect.stringContaining('ClusterRole walm-edit') });
});

test('an unattended task stops if the revision has changed by its turn', () => {
  const guard = createGuardUnattended({ rules, clock });
  const task = taskWith({ caller: ann, unattended: { since: '2026-01-01T00:00:00Z' } });
  const revision = (seal: SealState) => recordedRevision({ seal });
  expect(() => guard.begin(task, revision(sealedBy(ann)))).not.toThrow();
  expect(() => guard.begin(task, revision(sealedBy(bob)))).toThrow('another caller');
  expect(() => guard.begin(task, revision(sealedBy(null)))).toThrow('before callers were known');
  expect(() => guard.begin(task, revision(forged))).toThrow('it was edited');
  expect(() => guard.use(task, revision(sealedBy(bob)))).not.toThrow();
  expect(() => guard.use(task, revision(forged))).toThrow('it was edited');
  expect(() => guard.bringBack(task, revision(sealedBy(ann)))).not.toThrow();
  expect(() => guard.bringBack(task, revision(sealedBy(bob)))).toThrow('another caller');
  expect(() => guard.bringBack(task, revision(forged))).toThrow('it was edited');
  const { unattended: _, ...asked } = task;
  expect(() => guard.bringBack(asked, revision(sealedBy(bob)))).not.toThrow();
  expect(() => guard.begin(asked, revision(forged))).not.toThrow();
});

test('nothing is done in the name of a service account that does not exist', async () => {
  const clock = createManualClock();
  const reviews = createMemoryAccessReviews([]);
  const robot = person('system:serviceaccount:demo:robot');
  const judgeAutomation = createJudgeAutomation({
    authorization: createAuthorization({ reviews, clock }),
    rules,
    clock,
  });
  const release = record('demo/web', sealedBy(robot));
  expect(await judgeAutomation({ release })).toMatchObject({
    may: false,
    reason: expect.stringContaining('no longer exists') as string,
    missing: { verb: 'update', namespace: 'demo', name: 'web' },
  });
});
