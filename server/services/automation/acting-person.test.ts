import { expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { AutomationRules } from '../../domain/automation/automation.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { toReleaseRecord } from '../../domain/release/release-record.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';
import { createActingPerson } from './acting-person.ts';

const ann = person('ann');
const bob = person('bob');
const rules: AutomationRules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 };
const question = { group: '', resource: 'secrets', verb: 'get', namespace: 'demo', name: 'web' } as const;

function madeBy(by: Caller | null, seal: Partial<SealState> = {}) {
  const sealed = { sealed: true, by, at: '2026-01-01T00:00:00Z', operation: 'upgrade', ...seal } as SealState;
  return toReleaseRecord(recordedRevision({ seal: sealed }), { earlier: null, firstWritten: '' });
}

/** A cluster in which these users no longer exist, or which does not respond. */
function acting(
  gone: readonly Caller[],
  given: { rules?: Partial<AutomationRules>; records?: Caller[]; down?: true } = {},
) {
  return createActingPerson({
    authorization: {
      demand: async (caller) => {
        if (given.down) throw problem('CLUSTER_UNREACHABLE', 'it does not answer');
        if (gone.some(({ user }) => user === caller?.user)) throw problem('FORBIDDEN', `${caller?.user} is gone`);
      },
    },
    cache: { list: () => Promise.resolve((given.records ?? []).map((by) => madeBy(by))) },
    rules: { ...rules, ...given.rules },
    clock: createManualClock(),
  });
}

test('outputs are read in the name of who made the revision, also where Walm does nothing by itself', async () => {
  const off = acting([], { rules: { mode: 'off', identityMaxAgeMs: 1 } });
  expect(await off.readerOf(madeBy(ann))).toMatchObject({ may: true, as: { user: 'ann' } });
  expect(await off.readerOf(madeBy(ann, { sealed: false, reason: 'edited' }))).toMatchObject({ may: false });
});

test('nothing is done in the name of a deleted account', async () => {
  expect(await acting([ann]).readerOf(madeBy(ann))).toEqual({ may: false, reason: 'ann is gone' });
});

test('a namespace is cleared in the name of the first who is still there', async () => {
  expect(await acting([ann], { records: [ann, bob] }).actorIn('demo')).toMatchObject({ user: 'bob' });
  expect(await acting([ann], { records: [ann] }).actorIn('demo')).toBeUndefined();
});

test('without authentication, Walm itself clears it', async () => {
  expect(await acting([], { rules: { asksWhoCalls: false } }).actorIn('demo')).toBeNull();
});

test("a right is a caller's, never Walm's own", async () => {
  const { hasRight } = acting([bob]);
  expect(await hasRight(ann, question)).toBe(true);
  expect(await hasRight(bob, question)).toBe(false);
  expect(await hasRight(null, question)).toBe(false);
});

test('a cluster that does not answer refuses nothing and allows nothing', async () => {
  const unreachable = acting([], { down: true, records: [ann] });
  const code = 'CLUSTER_UNREACHABLE';
  await expect(unreachable.readerOf(madeBy(ann))).rejects.toMatchObject({ code });
  await expect(unreachable.hasRight(ann, question)).rejects.toMatchObject({ code });
  await expect(unreachable.actorIn('demo')).rejects.toMatchObject({ code });
});
