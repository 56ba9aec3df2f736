import { setTimeout as pause } from 'node:timers/promises';

import { eventually } from '../harness/eventually.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type PropagationWorld, taskAfter } from './propagation-world.ts';
import { throughput, timed } from './sample.ts';

/** Milliseconds from a change until the upgrade of its dependent starts, by the way in which the change was made. */
export type Delays = { how: string; toStart: number[]; seen: number[] };

/** What is installed around a measurement: kinds of changes, each with a provider and a dependent of its own. */
const CHANGES = {
  'an upgrade of the provider': (world: PropagationWorld, name: string, i: number) => world.publish(name, { own: i }),
  'a ConfigMap': ({ kube, namespace }: PropagationWorld, name: string, i: number) =>
    patched(kube, `/api/v1/namespaces/${namespace}/configmaps/${name}`, { data: { it: `${i}` } }),
  'a Service': ({ kube, namespace }: PropagationWorld, name: string, i: number) =>
    patched(kube, `/api/v1/namespaces/${namespace}/services/${name}`, { spec: { ports: [{ port: 1000 + i }] } }),
  'a Secret of somebody else': ({ kube, namespace }: PropagationWorld, name: string, i: number) =>
    patched(kube, `/api/v1/namespaces/${namespace}/secrets/${name}`, { stringData: { it: `${i}` } }),
} as const;
const EXPRESSIONS = {
  'an upgrade of the provider': 'values:own',
  'a ConfigMap': 'configmap:$release.it',
  'a Service': 'service:$release.port',
  'a Secret of somebody else': 'secret:$release.it',
} as const satisfies Record<keyof typeof CHANGES, string>;
const IN_FLIGHT = 12;
const READ_EVERY_MS = 50;

/** Changes what is published `count` times in each way, with nothing else going on. */
export async function measureIdle(world: PropagationWorld, count: number): Promise<Delays[]> {
  const all: Delays[] = [];
  for (const [at, how] of (Object.keys(CHANGES) as (keyof typeof CHANGES)[]).entries()) {
    const [name, dependent] = [`idle-${at}`, `follows-${at}`];
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { it: '0' } };
    await world.kube.create(`/api/v1/namespaces/${world.namespace}/secrets`, secret);
    await world.provide(name, { it: EXPRESSIONS[how] });
    await world.take(dependent, { up: name });
    all.push({ how, ...(await delaysOf(world, dependent, count, (i) => CHANGES[how](world, name, i))) });
  }
  return all;
}

/** `change` returns when it was done, in milliseconds since the epoch. */
async function delaysOf(
  world: PropagationWorld,
  dependent: string,
  count: number,
  change: (i: number) => Promise<number>,
) {
  const [toStart, seen]: [number[], number[]] = [[], []];
  const before = (await world.tasks({ namespace: world.namespace, release: dependent })).length;
  for (let i = 0; i < count; i += 1) {
    const changedAt = await change(i + 1);
    const started = await taskAfter(world, dependent, before + i, ({ startedAt }) => startedAt !== undefined);
    seen.push(Date.now() - changedAt);
    toStart.push(Math.max(0, Date.parse(started.startedAt ?? '') - changedAt));
    await taskAfter(world, dependent, before + i, ({ state }) => state === 'succeeded');
  }
  return { toStart, seen };
}

async function patched(kube: PropagationWorld['kube'], path: string, change: object): Promise<number> {
  const { status, body } = await kube.call('PATCH', path, change, 'application/merge-patch+json');
  if (status !== 200) throw new Error(`the change of ${path} answered ${status} ${JSON.stringify(body)}`);
  return Date.now();
}

/** Milliseconds from the start of one level's upgrade to the start of the next one's, over all rounds. */
export async function measureChain(world: PropagationWorld, levels: number, rounds: number): Promise<number[]> {
  const name = (level: number) => `level-${level}`;
  await world.provide(name(0), { it: 'values:own' });
  for (let level = 1; level <= levels; level += 1) {
    await world.take(name(level), { up: name(level - 1) }, { outputs: { it: 'values:up.it' } });
  }
  const times: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    let before = await world.publish(name(0), { own: round });
    for (let level = 1; level <= levels; level += 1) {
      const { startedAt = '' } = await taskAfter(world, name(level), round, ({ state }) => state === 'succeeded');
      times.push(Date.parse(startedAt) - before);
      before = Date.parse(startedAt);
    }
  }
  return times;
}

/** How many revisions each release of a diamond below its top got by one change of the top, in every round. */
export async function measureDiamond(world: PropagationWorld, rounds: number): Promise<number[]> {
  await world.provide('top', { it: 'values:own' });
  await world.take('left', { up: 'top' }, { outputs: { it: 'values:up.it' } });
  await world.take('right', { up: 'top' }, { outputs: { it: 'values:up.it' } });
  await world.take('bottom', { l: 'left', r: 'right' });
  const below = ['left', 'right', 'bottom'];
  const revisions: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const before = await Promise.all(below.map((name) => world.revision(name)));
    await world.publish('top', { own: round });
    await reached(world, 'bottom', round);
    await Promise.all(below.map((name) => settled(world, name)));
    const after = await Promise.all(below.map((name) => world.revision(name)));
    revisions.push(...after.map((revision, i) => revision - (before[i] ?? 0)));
  }
  return revisions;
}

/** Waits until the bottom of a diamond has received a value by both paths. */
async function reached({ api, namespace }: PropagationWorld, release: string, value: number): Promise<void> {
  await eventually(
    async () => {
      const { l, r } = (await api.get(namespace, release)).body.computedValues as Record<string, { it?: number }>;
      if (l?.it !== value || r?.it !== value) throw new Error(`${release} has ${l?.it} and ${r?.it}, not ${value}`);
    },
    { everyMs: 20 },
  );
}

/** Waits until a release has everything that its providers publish, and no task of it is running. */
async function settled({ api, namespace, tasks }: PropagationWorld, release: string): Promise<void> {
  await eventually(
    async () => {
      const { body } = await api.get(namespace, release);
      const open = (await tasks({ namespace, release })).some(({ finishedAt }) => finishedAt === undefined);
      const outdated = body.dependencyStatus?.some(({ state }) => state !== 'Current') ?? true;
      if (open || outdated) throw new Error(`${release} is not up to date`);
    },
    { everyMs: 20 },
  );
}

/** What a change with many dependents costs. Milliseconds from the return of the provider's upgrade. */
export interface ManyFigures {
  installMs: number;
  firstMs: number;
  lastMs: number;
  /** Upgrades of two unrelated releases that a user makes meanwhile: in the same and in another namespace. */
  besideMs: number[];
  elsewhereMs: number[];
  /** Reads of one release meanwhile. */
  readMs: number[];
  /** Revisions that the dependents have got, beyond one each. */
  superfluous: number;
}

const CROWD = 'crowd';

/**
 * Creates `count` dependents of one provider, in one namespace, changes what the provider publishes, and makes other
 * requests meanwhile.
 */
export async function measureMany(world: PropagationWorld, count: number): Promise<ManyFigures> {
  await createNamespace(world.kube, CROWD);
  await world.provide('hub', { it: 'values:own' });
  await world.take('beside', {}, { namespace: CROWD });
  await world.take('elsewhere', {});
  const hub = { hub: `${world.namespace}/hub` };
  const installMs = await timed(() =>
    throughput(count, IN_FLIGHT, (i) => world.take(`app-${i}`, hub, { namespace: CROWD })),
  );
  const known = (await world.tasks({ namespace: CROWD })).length;
  const changedAt = await world.publish('hub', { own: 1 });

  const [besideMs, elsewhereMs, readMs]: [number[], number[], number[]] = [[], [], []];
  let ongoing = true;
  const user = async (namespace: string, name: string, times: number[]): Promise<void> => {
    for (let i = 1; ongoing; i += 1) times.push(await timed(() => upgraded(world, namespace, name, i)));
  };
  const reader = async (): Promise<void> => {
    while (ongoing) {
      readMs.push(await timed(() => world.api.get(CROWD, 'beside')));
      await pause(READ_EVERY_MS);
    }
  };
  const users = [user(CROWD, 'beside', besideMs), user(world.namespace, 'elsewhere', elsewhereMs), reader()];
  const upgrades = async () =>
    (await world.tasks({ namespace: CROWD })).slice(known).filter(({ release }) => release !== 'beside');
  const done = await eventually(
    async () => {
      const { propagations } = await world.counted();
      const tasks = await upgrades();
      if (tasks.filter(({ finishedAt }) => finishedAt !== undefined).length < count) {
        throw new Error(`${tasks.length} of ${count} were begun, ${propagations} by the server's count`);
      }
      return tasks;
    },
    { withinMs: 600_000, everyMs: 1_000 },
  ).finally(() => (ongoing = false));
  await Promise.all(users);
  const starts = done.map(({ startedAt }) => Date.parse(startedAt ?? ''));
  const ends = done.map(({ finishedAt }) => Date.parse(finishedAt ?? ''));
  return {
    installMs,
    firstMs: Math.max(0, Math.min(...starts) - changedAt),
    lastMs: Math.max(...ends) - changedAt,
    besideMs,
    elsewhereMs,
    readMs,
    superfluous: done.length - count,
  };
}

async function upgraded({ api }: PropagationWorld, namespace: string, name: string, i: number): Promise<void> {
  const answer = await api.upgrade({ namespace, body: { name, configValues: { i } } });
  if (answer.status !== 200) throw new Error(`the upgrade of ${name} answered ${answer.status} ${answer.text}`);
}

/** Number of tasks and engine calls that `changes` changes cost, each followed by one dependent. */
export async function measureWork(world: PropagationWorld, pair: string, changes: number) {
  await world.provide(pair, { it: 'values:own' });
  await world.take(`${pair}-dependent`, { up: pair });
  const look = async () => {
    const { total } = (await world.api.send('GET', '/api/v1/task', { query: { limit: 1 } })).body as { total: number };
    return { tasks: total, ...(await world.counted()) };
  };
  const before = await look();
  for (let i = 1; i <= changes; i += 1) {
    await world.publish(pair, { own: i });
    await taskAfter(world, `${pair}-dependent`, i, ({ state }) => state === 'succeeded');
  }
  const after = await look();
  return {
    tasks: (after.tasks - before.tasks) / changes,
    engineCalls: (after.engineCalls - before.engineCalls) / changes,
  };
}
