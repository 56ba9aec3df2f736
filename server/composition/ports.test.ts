import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createManualClock } from '../adapters/memory/manual-clock.ts';
import { createMemoryThreads } from '../adapters/memory/threads.ts';
import { createPrometheusMetrics } from '../adapters/prometheus/prometheus-metrics.ts';
import { readCommandLine } from '../config/config.ts';
import type { HelmAdapter } from '../ports/gate/gated-adapters.ts';
import { checkPass, type WritePass } from '../ports/gate/passes.ts';
import type { ClusterAdapter } from './adapters/cluster.ts';
import { type OpenedAdapters, openPorts } from './ports.ts';
import { READ_ONLY } from './wrappers/reads.ts';
import { UNWRAPPED } from './wrappers/wrap-verbs.ts';
import { type Write, type WriteRule, WRITES } from './wrappers/writes.ts';

type Port = keyof typeof WRITES;
type Verbs = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

const writes = Object.entries(WRITES).flatMap(([port, verbs]) =>
  Object.entries<WriteRule | typeof UNWRAPPED>(verbs).flatMap(([verb, rule]) =>
    rule === UNWRAPPED ? [] : [{ port: port as Port, verb, ...rule }],
  ),
);
const request = { identity: null, namespace: 'shop', name: 'web' };

/** The ports as the whole server gets them, over adapters that record what reaches them; the replica does not lead. */
function openLeaderless() {
  const line = readCommandLine([], {});
  if (line.kind !== 'run') throw new Error('the default options do not run a server');
  const reached: { port: string; verb: string; args: readonly unknown[] }[] = [];
  const received: Write[] = [];
  const recording = (port: string, verbs: object) =>
    Object.fromEntries(
      Object.keys(verbs).map((verb) => [
        verb,
        (...args: readonly unknown[]) => {
          reached.push({ port, verb, args });
          return Promise.resolve(undefined);
        },
      ]),
    );
  const cluster: unknown = {
    ...Object.fromEntries(
      Object.entries({ ...WRITES, ...READ_ONLY }).map(([port, verbs]) => [port, recording(port, verbs)]),
    ),
    leadership: { term: () => null, isLeader: () => false, isLed: () => true, onRenewed: () => () => undefined },
    close: () => undefined,
  };
  const adapters: OpenedAdapters = {
    clock: createManualClock(0),
    random: () => 0,
    secret: (bytes) => Buffer.alloc(bytes),
    metrics: createPrometheusMetrics,
    threads: () =>
      createMemoryThreads(() => {
        throw new Error('nothing is computed here');
      }),
    sealSources: () => ({
      keys: { read: () => Promise.resolve(new Map([['k1', new Uint8Array(32)]])) },
      namespaces: { uidOf: () => Promise.resolve('uid') },
      close: () => undefined,
    }),
    helm: () => recording('helm', WRITES.helm) as unknown as HelmAdapter,
    cluster: () => cluster as ClusterAdapter,
  };
  const ports = openPorts({
    config: line.config,
    adapters,
    folder: { instanceId: 'one', chartFolder: '', recordFolder: '', spillFolder: '' },
    writes(write, act) {
      received.push(write);
      return act(write.args);
    },
    closer: { push: () => undefined, close: () => Promise.resolve([]) },
    log: pino({ level: 'silent' }),
  });
  const verbsOf = (port: Port) => (port === 'helm' ? ports.engine : ports.cluster[port]) as unknown as Verbs;
  return { reached, received, call: (port: Port, verb: string) => verbsOf(port)[verb]?.(request, null, null) };
}

test('the table has the writes of every port', () => {
  expect(new Set(writes.map(({ port }) => port))).toEqual(new Set(Object.keys(WRITES)));
});

test.each(writes.filter(({ replica }) => replica === 'leader'))(
  'without a lead, $verb of the opened $port does not reach the adapter',
  async ({ port, verb }) => {
    const { reached, received, call } = openLeaderless();
    await expect(call(port, verb)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    expect(reached).toEqual([]);
    expect(received).toMatchObject([{ port, verb }]);
  },
);

test.each(writes.filter(({ replica }) => replica === 'any'))(
  'without a lead, $verb of the opened $port reaches the adapter only through the gate, with a pass',
  async ({ port, verb }) => {
    const { reached, received, call } = openLeaderless();
    await call(port, verb);
    expect(received).toMatchObject([{ port, verb }]);
    expect(reached).toEqual([{ port, verb, args: [request, null, null, expect.any(Object)] }]);
    // Throws for a pass that the gate did not issue.
    checkPass(reached[0]?.args.at(-1) as WritePass);
  },
);
