import { expect, test } from 'vitest';
import type { Caller } from '../../domain/access/caller.ts';
import type { GatedAdapters, HelmAdapter } from '../../ports/gate/gated-adapters.ts';
import type { HelmPass, TaskPass, WritePass } from '../../ports/gate/passes.ts';
import type { HelmWriter } from '../../ports/helm/helm-writer.ts';
import { createMemoryWorkloads } from '../../adapters/memory/workloads.ts';
import type { Workloads } from '../../ports/cluster/workloads.ts';
import type { Cluster, ClusterAdapter, ClusterPorts } from '../adapters/cluster.ts';
import type { Ports } from '../ports.ts';
import type { Gate } from './gate.ts';
import { READ_ONLY } from './reads.ts';
import { wrapVerbs } from './wrap-verbs.ts';
import type { Writers } from './writers.ts';
import { type WriteRule, type WriteRules, WRITES } from './writes.ts';

/** Ports with one more verb that writes. */
interface GrownWorkloads extends Workloads {
  evict(pod: string, caller: Caller | null): Promise<void>;
}
interface GrownHelm extends HelmWriter {
  readonly adopt: (request: { identity: Caller | null; name: string }) => Promise<void>;
}

test('a new verb that writes does not compile until the table says what it is', () => {
  const grown: GrownWorkloads = { ...createMemoryWorkloads(), evict: () => Promise.resolve() };
  // @ts-expect-error -- the table does not name `evict`
  const gated = wrapVerbs<GrownWorkloads, WriteRule>(grown, WRITES.workloads, ({ args }, act) => act(args));
  // The compiler's statement is true: the verb is missing.
  expect(gated.evict).toBeUndefined();
  expect(Object.keys(gated)).toEqual(['roll', 'removePod', 'scale', 'read']);

  // @ts-expect-error -- nor does it name `adopt`
  const rules: WriteRules<GrownHelm> = WRITES.helm;
  expect(rules).toBe(WRITES.helm);
});

test('a new verb of a port that only reads does not compile until the table names it', () => {
  type Listed<Port> = Readonly<Record<keyof Port, typeof READ_ONLY.secrets.read>>;
  const secrets: Listed<ClusterPorts['secrets']> = READ_ONLY.secrets;
  // @ts-expect-error -- the table does not name `remove`
  const grown: Listed<ClusterPorts['secrets'] & { remove(name: string): Promise<void> }> = READ_ONLY.secrets;
  expect([secrets, grown]).toEqual([READ_ONLY.secrets, READ_ONLY.secrets]);
});

test('every port of the cluster is in one of the two tables, verb by verb', () => {
  type Tables = typeof WRITES & typeof READ_ONLY;
  type Verbs<Table> = { [Port in keyof Table]: keyof Table[Port] };
  const tables: Verbs<Omit<Tables, 'helm'>> | null = null;
  const same: Verbs<ClusterPorts> | null = tables;
  const back: Verbs<Omit<Tables, 'helm'>> | null = same;
  expect(back).toBeNull();
  expect(Object.keys(READ_ONLY).filter((port) => port in WRITES)).toEqual([]);
});

test('a verb says in whose name it writes, as its arguments do', () => {
  const evict: WriteRules<GrownWorkloads>['evict'] = { replica: 'leader', by: 'last', seal: 'none' };
  const adopt: WriteRules<GrownHelm>['adopt'] = { replica: 'leader', by: 'request', seal: 'rewrite' };
  // @ts-expect-error -- the write uses the caller's identity, not Walm's own
  const own: WriteRules<GrownWorkloads>['evict'] = { replica: 'leader', by: 'walm', seal: 'none' };
  // @ts-expect-error -- the rule has to say whether the write is sealed
  const unsealed: WriteRules<GrownHelm>['adopt'] = { replica: 'leader', by: 'request' };
  expect([evict, adopt, own, unsealed].map(({ by }) => by)).toEqual(['last', 'request', 'walm', 'request']);
});

/** What adapters provide, for every port that writes. */
type Adapters = {
  readonly [Port in keyof Writers]: Port extends keyof ClusterAdapter ? ClusterAdapter[Port] : HelmAdapter;
};

/** The writing verbs of adapters that code without a pass could call, as `port.verb`; never if there are none. */
type Open<Given extends { readonly [Port in keyof Writers]: unknown }> = {
  [Port in keyof Writers]: {
    [Verb in keyof Writers[Port]]: Verb extends keyof Given[Port]
      ? Given[Port][Verb] extends Writers[Port][Verb]
        ? `${Port}.${Verb & string}`
        : never
      : `${Port}.${Verb & string}`;
  }[keyof Writers[Port]];
}[keyof Writers];

test('no write of an adapter, of any port, can be called without a pass', () => {
  const none: Open<Adapters>[] = [];
  // @ts-expect-error -- there is not one such verb
  const one: Open<Adapters> = 'claims.remove';
  // The type finds what is open: with the ports of use cases, every verb of every port is.
  const all: { readonly [Port in keyof Writers]: `${Port}.${keyof Writers[Port] & string}` }[keyof Writers][] = [];
  const found: Open<Writers>[] = all;
  // And a single verb of a single port.
  type Loose = Omit<Adapters, 'rolloutMarks'> & Pick<Writers, 'rolloutMarks'>;
  const loose: Open<Loose> = 'rolloutMarks.markDone';
  // @ts-expect-error -- the others are closed
  const closed: Open<Loose> = 'claims.remove';
  expect([none, one, found, loose, closed]).toHaveLength(5);
  expect(Object.keys(WRITES).toSorted()).toEqual([...CLUSTER_WRITERS, 'helm'].toSorted());
});

/** By name: a port that writes is missing in none of the lists. */
const CLUSTER_WRITERS = Object.keys({
  archives: true,
  claims: true,
  deliveryMarks: true,
  namespaces: true,
  repositories: true,
  rolloutMarks: true,
  tasks: true,
  workloads: true,
  writer: true,
} satisfies Record<keyof GatedAdapters, true> & Record<Exclude<keyof Writers, 'helm'>, true>);

test('ports that have not all gone through the gate are not the ports of use cases', () => {
  const ports = ({ unfenced, measured, gate }: { unfenced: ClusterAdapter; measured: HelmAdapter; gate: Gate }) => {
    const cluster: Cluster = gate.cluster(unfenced);
    const engine: Ports['engine'] = gate.helm(measured);
    // @ts-expect-error -- only the tasks have gone through it
    const partly: Cluster = { ...unfenced, tasks: gate.cluster(unfenced).tasks };
    // @ts-expect-error -- the objects that are written on demand have not
    const mostly: Cluster = { ...cluster, writer: unfenced.writer };
    // @ts-expect-error -- none has
    const bare: Ports['engine'] = measured;
    return [cluster, engine, partly, mostly, bare];
  };
  expect(ports).toBeTypeOf('function');
});

test('a pass cannot be made up', () => {
  // @ts-expect-error -- it lacks the mark that only the gate sets
  const plain: WritePass = {};
  // @ts-expect-error -- the term and the seal are not all of it
  const helm: HelmPass = { term: null, seal: null };
  // @ts-expect-error -- nor is the seal
  const task: TaskPass = { seal: () => Promise.resolve('') };
  expect([plain, helm, task]).toHaveLength(3);
});
