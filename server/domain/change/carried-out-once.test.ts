import fc from 'fast-check';
import { expect, test } from 'vitest';

import { planChange } from './change-plan.ts';
import { interruption } from '../revisions/interruption.ts';
import { isPending } from '../revisions/helm-status.ts';
import type { SeenRevision } from '../revisions/history.ts';
import type { ReleaseSnapshot } from './seen-release.ts';

/**
 * A model of how two changes of one release are carried out: two servers that both believe to lead, each of which may
 * be frozen, dead, or miss the response to a write at any moment, beside plain Helm. One step of the schedule is one
 * request to the cluster. The lease is left out: it makes two leaders rare, and nothing here may depend on that.
 */
type Recorded = SeenRevision & { task: string; version: number };
type Order = { id: string; revision: number; isDone: boolean; version: number };
type Cluster = { records: Recorded[]; orders: Order[] };
/** The rules; tests of the model itself break one. */
type Rules = { overwrites?: boolean; looksAtNewestOnly?: boolean };

class Refused extends Error {}
class Lost extends Error {}
/** The fate of a request: it is answered, it is done but not answered, or it does not arrive. */
type Fate = 'answered' | 'lost' | 'unsent';

function request<T>(fate: Fate, act: () => T): T {
  if (fate === 'unsent') throw new Lost();
  const answer = act();
  if (fate === 'lost') throw new Lost();
  return answer;
}

/** Writes a record as the successor of the observed one, like engine/record/followed_secrets.go. */
function update(cluster: Cluster, rules: Rules, seen: Recorded, changes: Partial<SeenRevision>): Recorded {
  const at = cluster.records.findIndex(({ revision }) => revision === seen.revision);
  const current = cluster.records[at];
  if (current === undefined || (current.version !== seen.version && rules.overwrites !== true)) throw new Refused();
  const written = { ...seen, ...changes, version: current.version + 1 };
  cluster.records[at] = written;
  return written;
}

function create(cluster: Cluster, record: Omit<Recorded, 'version'>): Recorded {
  if (cluster.records.some(({ revision }) => revision === record.revision)) throw new Refused();
  const created = { ...record, version: 1 };
  cluster.records.push(created);
  return created;
}

const historyOf = ({ records }: Cluster): Recorded[] =>
  records.toSorted((a, b) => a.revision - b.revision).map((record) => ({ ...record }));

function snapshot(history: Recorded[], { revision }: Order, { looksAtNewestOnly }: Rules): ReleaseSnapshot {
  const own = history.find((record) => record.revision === revision);
  const isLookedAt = own !== undefined && (looksAtNewestOnly !== true || own === history.at(-1));
  return { history, ownConfig: isLookedAt ? { metadata: { annotations: { 'walm.io/task': own.task } } } : null };
}

/** Each `yield` is a request in flight: the schedule decides its fate. */
type Run = Generator<undefined, void, Fate>;

/** Writes a revision like Helm, and marks it failed if that does not succeed and still can be done. */
function* write(cluster: Cluster, rules: Rules, revision: number, task: string): Run {
  const history = historyOf(cluster);
  let own = request(yield, () =>
    create(cluster, { revision, task, status: 'pending-upgrade', updated: '', description: '' }),
  );
  try {
    own = request(yield, () => update(cluster, rules, own, { status: 'deployed' }));
    for (const former of history.filter(({ status }) => status === 'deployed')) {
      request(yield, () => update(cluster, rules, former, { status: 'superseded' }));
    }
  } catch (error) {
    if (own.status === 'pending-upgrade' && error instanceof Lost) {
      request(yield, () =>
        update(cluster, rules, own, { status: 'failed', description: 'interrupted: the cluster was away' }),
      );
    }
    throw error;
  }
}

/** A server that believes to lead: carries out the orders in turn, observing again after each failure. */
function* lead(cluster: Cluster, rules: Rules): Run {
  for (const { id } of cluster.orders) {
    for (let tries = 0; tries < 12; tries += 1) {
      try {
        const order = request(yield, () => ({ ...cluster.orders.find((one) => one.id === id)! }));
        if (order.isDone) break;
        yield* attempt(cluster, rules, order);
      } catch (error) {
        if (!(error instanceof Lost || error instanceof Refused)) throw error;
      }
    }
  }
}

function* attempt(cluster: Cluster, rules: Rules, order: Order): Run {
  const history = request(yield, () => historyOf(cluster));
  const step = planChange(order, snapshot(history, order, rules));
  const record = history.find(({ revision }) => 'revision' in step && revision === step.revision);
  switch (step.do) {
    case 'finish':
    case 'fail':
      return void request(yield, () => save(cluster, order, { isDone: true }));
    case 'settle':
      return void request(yield, () =>
        update(cluster, rules, record!, { status: 'failed', description: interruption(order.id) }),
      );
    case 'supersede':
      for (const former of history.filter((one) => one.status === 'deployed' && one !== record)) {
        request(yield, () => update(cluster, rules, former, { status: 'superseded' }));
      }
      return;
    case 'wait':
      // Another server's view of this order may be newer: observe again. Helm's lock is broken, as if forced.
      if (record!.task !== 'helm') return;
      return void request(yield, () =>
        update(cluster, rules, record!, { status: 'failed', description: 'the lock was broken' }),
      );
    case 'write': {
      const saved =
        order.revision === step.revision
          ? order
          : request(yield, () => save(cluster, order, { revision: step.revision }));
      yield* write(cluster, rules, saved.revision, order.id);
      return;
    }
    case 'miss':
    case 'refuse':
      throw new Error(`the model has no ${step.do}`);
    default:
      return step satisfies never;
  }
}

function save({ orders }: Cluster, seen: Order, changes: Partial<Order>): Order {
  const at = orders.findIndex(({ id }) => id === seen.id);
  if (orders[at]?.version !== seen.version) throw new Refused();
  return { ...(orders[at] = { ...seen, ...changes, version: seen.version + 1 }) };
}

/** A user runs `helm upgrade` once. */
function* helm(cluster: Cluster, rules: Rules): Run {
  const newest = historyOf(cluster).at(-1);
  if (newest === undefined || isPending(newest.status)) return;
  yield* write(cluster, rules, newest.revision + 1, 'helm');
}

type Moment = { who: number; fate: Fate };

/** Plays a schedule, then lets an undisturbed third server finish the rest. Returns the faults of the final state. */
function play(schedule: readonly Moment[], rules: Rules = {}): string[] {
  const first = {
    revision: 1,
    task: 'install',
    status: 'deployed',
    updated: '',
    description: '',
    version: 1,
  } satisfies Recorded;
  const order = (id: string): Order => ({ id, revision: 0, isDone: false, version: 1 });
  const cluster: Cluster = { records: [first], orders: [order('one'), order('two')] };
  const actors = [lead(cluster, rules), lead(cluster, rules), helm(cluster, rules)];
  const advance = (actor: Run | undefined, fate: Fate): boolean => {
    try {
      return actor?.next(fate).done ?? true;
    } catch (error) {
      if (error instanceof Lost || error instanceof Refused) return true;
      throw error;
    }
  };
  for (const { who, fate } of schedule) advance(actors[who], fate);
  const last = lead(cluster, rules);
  while (!advance(last, 'answered'));
  // Frozen servers continue now.
  for (const actor of actors) while (!advance(actor, 'answered'));
  const after = lead(cluster, rules);
  while (!advance(after, 'answered'));

  const inForce = (task: string): number[] =>
    cluster.records
      .filter((record) => record.task === task && /deployed|superseded/u.test(record.status))
      .map(({ revision }) => revision);
  return ['one', 'two'].flatMap((task) => {
    const times = inForce(task);
    return times.length === 1 ? [] : [`${task} was carried out ${times.length} times: ${times.join(', ')}`];
  });
}

const moment = fc.record({
  who: fc.nat({ max: 2 }),
  fate: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Fate>('answered') },
    fc.constant<Fate>('lost'),
    fc.constant<Fate>('unsent'),
  ),
});
const schedules = fc.array(moment, { maxLength: 60 });

test('each change is carried out once, whichever replica leads, freezes, or loses answers', () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      expect(play(schedule)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

test.each<[string, Rules]>([
  ['records were overwritten whatever stands there', { overwrites: true }],
  ['only the newest revision could be the own one', { looksAtNewestOnly: true }],
])('the model finds what would happen if %s', (_, rules) => {
  const found = fc.check(
    fc.property(schedules, (schedule) => play(schedule, rules).every((problem) => !/[2-9] times/u.test(problem))),
    { numRuns: 20_000, seed: 7 },
  );
  expect(found.failed).toBe(true);
});
