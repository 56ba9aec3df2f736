import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { describeLeadership } from '../../../ports/storage/leadership.conformance.ts';
import type { Term } from '../../../ports/storage/leadership.ts';
import { createManualClock, type ManualClock } from '../../memory/manual-clock.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createLeaseLeadership } from './lease-leadership.ts';
import { resourcePath } from '../client/resource-path.ts';
import { installSystemNamespace } from './system-namespace.ts';

const LEASE_MS = 15_000;
const RENEW_MS = 5_000;
const made: string[] = [];
let kube: KubeApi;

beforeAll(() => {
  const real = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
  kube = { ...real, get: counted(real.get), create: counted(real.create), replace: counted(real.replace) };
});

afterAll(async () => {
  await Promise.all(
    made.map((name) => kube.remove(resourcePath({ group: '', version: 'v1', plural: 'namespaces' }, undefined, name))),
  );
  kube.close();
});

async function openElection() {
  const namespace = `lead-${randomUUID().slice(0, 8)}`;
  await installSystemNamespace(kube, namespace, new AbortController().signal);
  made.push(namespace);
  const contender = (clock: ManualClock, identity: string, through = kube) =>
    createLeaseLeadership({
      kube: through,
      clock,
      namespace,
      identity,
      leaseMs: LEASE_MS,
      renewMs: RENEW_MS,
      onError: () => undefined,
    });
  return { contender };
}

/** Calls to the API server that are in flight. */
const underway = new Set<Promise<unknown>>();

function counted<A extends unknown[], R>(call: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return (...args) => {
    const answer = call(...args);
    underway.add(answer);
    void answer.catch(() => undefined).finally(() => underway.delete(answer));
    return answer;
  };
}

/** Lets everything that was started reach its next wait. */
async function settle(clock: ManualClock): Promise<void> {
  do {
    await Promise.allSettled(underway);
    await clock.advance(0);
  } while (underway.size > 0);
}

/** Moves the clock in steps, and lets the calls to the API server return after each. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  await settle(clock);
  for (let passed = 0; passed < ms; passed += 1000) {
    await clock.advance(1000);
    await settle(clock);
  }
}

describeLeadership('lease', async () => {
  const { contender } = await openElection();
  const clock = createManualClock();
  return { contender: (identity) => contender(clock, identity), passLease: () => pass(clock, LEASE_MS + 4000) };
});

describe('lease', () => {
  test('the only replica leads again at once after it was killed', async () => {
    const { contender } = await openElection();
    const clock = createManualClock();
    const killed = contender(clock, 'only');
    void killed.run(new AbortController().signal);
    await pass(clock, 1000);
    expect(killed.isLeader()).toBe(true);
    const restarted = contender(createManualClock(clock.now() + 1000), 'only');
    void restarted.run(new AbortController().signal);
    await settle(clock);
    expect(restarted.isLeader()).toBe(true);
  });

  test('a leader that was frozen does not believe that it still leads, and another takes over', async () => {
    const { contender } = await openElection();
    const clock = createManualClock();
    const thawed = createManualClock();
    // While the process is frozen its timers stand still; afterwards the clock it reads has jumped.
    let frozenMs = 0;
    const jumping: ManualClock = { ...thawed, now: () => thawed.now() + frozenMs };
    const first = contender(jumping, 'first');
    void first.run(new AbortController().signal);
    await pass(thawed, 1000);
    expect(first.isLeader()).toBe(true);

    const second = contender(clock, 'second');
    void second.run(new AbortController().signal);
    await pass(clock, LEASE_MS + 3000);
    expect(second.isLeader()).toBe(true);

    frozenMs = LEASE_MS + 3000;
    expect(first.isLeader()).toBe(false);
    for (let passed = 0; passed < 2 * LEASE_MS; passed += 1000) {
      await pass(clock, 1000);
      await pass(thawed, 1000);
      expect([first.isLeader(), second.isLeader()]).toEqual([false, true]);
    }
  });

  test('a leader that was frozen and finds the lease free begins another term', async () => {
    const { contender } = await openElection();
    const thawed = createManualClock();
    let frozenMs = 0;
    const leader = contender({ ...thawed, now: () => thawed.now() + frozenMs }, 'first');
    const received: boolean[] = [];
    leader.subscribe((leading) => received.push(leading));
    const reported: Term[] = [];
    leader.onRenewed((term) => reported.push(term));
    void leader.run(new AbortController().signal);
    await pass(thawed, RENEW_MS + 1000);
    expect(reported.map(({ number }) => number)).toEqual([1, 1]);
    expect(reported[1]?.untilMs).toBeGreaterThan(reported[0]?.untilMs ?? Infinity);

    frozenMs = LEASE_MS;
    expect(leader.term()).toBeNull();
    await pass(thawed, RENEW_MS + 1000);
    expect(received).toEqual([true, false, true]);
    expect(leader.term()?.number).toBe(2);
  });

  test('the lead is given up before the lease runs out when the API server does not answer', async () => {
    const { contender } = await openElection();
    const clock = createManualClock();
    let cut = false;
    const guarded: KubeApi = {
      ...kube,
      get: (...call) => (cut ? Promise.reject(new Error('cut')) : kube.get(...call)),
    };
    const leader = contender(clock, 'first', guarded);
    const received: boolean[] = [];
    leader.subscribe((leading) => received.push(leading));
    void leader.run(new AbortController().signal);
    await pass(clock, 1000);
    cut = true;
    await pass(clock, RENEW_MS * 2);
    expect(leader.isLeader()).toBe(false);
    await pass(clock, RENEW_MS);
    expect(received).toEqual([true, false]);
  });
});
