import { describe, expect, test } from 'vitest';
import type { ClusterAdapter } from '../adapters/cluster.ts';
import type { HelmAdapter } from '../../ports/gate/gated-adapters.ts';
import { checkPass, type PassedCall, type TaskPass } from '../../ports/gate/passes.ts';
import { createGate, type GateDeps } from './gate.ts';
import { type Write, type WriteRule, WRITES } from './writes.ts';
import { UNWRAPPED } from './wrap-verbs.ts';

const ann = { user: 'ann', groups: [] };
const term = { number: 3, untilMs: 10_000 };
const target = { identity: ann, namespace: 'shop', name: 'web' };

type Port = keyof typeof WRITES;
const rules = Object.entries(WRITES).flatMap(([port, verbs]) =>
  Object.entries<WriteRule | typeof UNWRAPPED>(verbs).map(([verb, rule]) => ({ port: port as Port, verb, rule })),
);
const writes = rules.filter((one): one is typeof one & { rule: WriteRule } => one.rule !== UNWRAPPED);

/** Ports that record the calls that reach them. */
function behindGate(given: Partial<GateDeps> = {}) {
  const reached: { port: Port; verb: string; args: readonly unknown[] }[] = [];
  const recorder = (port: Port) =>
    Object.fromEntries(
      Object.keys(WRITES[port]).map((verb) => [
        verb,
        (...args: readonly unknown[]) => {
          reached.push({ port, verb, args });
          return Promise.resolve(`${verb} done`);
        },
      ]),
    );
  const sealed: unknown[] = [];
  const gate = createGate({
    leadership: { term: () => term },
    recordSeals: {
      make(facts, change) {
        sealed.push({ facts, change });
        return Promise.resolve('a seal');
      },
    },
    taskSeal: { seal: (text) => Promise.resolve(`seal of ${text}`) },
    ...given,
  });
  const ports: Readonly<Record<Port, object>> = {
    ...gate.cluster(
      Object.fromEntries(
        Object.keys(WRITES).map((port) => [port, recorder(port as Port)]),
      ) as unknown as ClusterAdapter,
    ),
    helm: gate.helm(recorder('helm') as unknown as HelmAdapter),
  };
  const call = (port: Port, verb: string, ...args: readonly unknown[]) =>
    (ports[port] as Readonly<Record<string, (...given: readonly unknown[]) => unknown>>)[verb]?.(...args);
  /** The contexts of the changes of releases. */
  const passes = () => reached.map(({ args }) => args[1] as PassedCall);
  return { reached, passes, sealed, call };
}

describe('a replica that does not lead', () => {
  const leaderless = { leadership: { term: () => null } };

  test.each(writes.filter(({ rule }) => rule.replica === 'leader'))(
    'does not reach $port $verb',
    async ({ port, verb }) => {
      const { reached, call } = behindGate(leaderless);
      await expect(call(port, verb, target, ann)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
      expect(reached).toEqual([]);
    },
  );

  test.each(writes.filter(({ rule }) => rule.replica === 'any'))('may write $port $verb', async ({ port, verb }) => {
    const { reached, call } = behindGate(leaderless);
    await expect(call(port, verb, target)).resolves.toBe(`${verb} done`);
    expect(reached).toHaveLength(1);
  });

  test.each(rules.filter(({ rule }) => rule === UNWRAPPED))('reads $port $verb', async ({ port, verb }) => {
    const { reached, call } = behindGate(leaderless);
    await call(port, verb, target, 7);
    expect(reached).toEqual([{ port, verb, args: [target, 7] }]);
  });
});

describe('the leader', () => {
  const changes = Object.entries<WriteRule | typeof UNWRAPPED>(WRITES.helm).flatMap(([verb, rule]) =>
    rule === UNWRAPPED ? [] : [{ verb, seal: rule.seal }],
  );

  test.each(changes)('gives $verb its term, and a seal where a revision is made', async ({ verb, seal }) => {
    const { passes, sealed, call } = behindGate();
    await call('helm', verb, target, { requestId: 'r' });
    const [pass] = passes();
    expect(pass).toMatchObject({ requestId: 'r', term });
    // Throws for a pass that the gate did not issue.
    checkPass(pass!);
    await pass?.seal?.({} as never);
    expect(sealed).toEqual(seal === 'none' ? [] : [{ facts: {}, change: { by: ann, operation: seal } }]);
  });

  test('seals in the name of who made the base that a rewrite keeps, instead of who asks', async () => {
    const { passes, sealed, call } = behindGate();
    const terms = { operation: 'recover', since: '2026-01-01T00:00:00Z' };
    await call('helm', 'rewriteRelease', { ...target, sealing: { ...terms, keeps: { by: null, base: {} } } });
    await passes()[0]?.seal?.({} as never);
    expect(sealed).toEqual([{ facts: {}, change: { ...terms, by: null } }]);
  });

  test('seals nothing where there are no seals', async () => {
    const { reached, call } = behindGate({ recordSeals: null });
    await call('helm', 'install', target);
    expect(reached[0]?.args[1]).toEqual({ term, seal: null });
  });

  test('gives tasks their seal', async () => {
    const { reached, call } = behindGate();
    await call('tasks', 'create', { id: 't' });
    const [pass] = reached.map(({ args }) => args[1] as TaskPass);
    await expect(pass?.seal('text')).resolves.toBe('seal of text');
  });
});

test('what is put around writes hears of each, in whose name it is, and may change its arguments', async () => {
  const received: Write[] = [];
  const { reached, call } = behindGate({
    around(write, act) {
      received.push(write);
      return act(write.port === 'claims' ? ['shop', 'other', ann] : write.args);
    },
  });
  await call('helm', 'install', target);
  await call('claims', 'remove', 'shop', 'data', ann);
  await call('rolloutMarks', 'markDone', 'shop/web', 1);
  await call('claims', 'list', 'shop', null);
  expect(received.map(({ port, verb, by }) => [port, verb, by])).toEqual([
    ['helm', 'install', ann],
    ['claims', 'remove', ann],
    ['rolloutMarks', 'markDone', null],
  ]);
  expect(reached[1]?.args).toEqual(['shop', 'other', ann, {}]);
});
