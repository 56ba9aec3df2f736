import { expect, test } from 'vitest';
import type { Caller } from '../../domain/access/caller.ts';
import type { HelmAdapter, HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { HelmWriter } from '../../ports/helm/helm-writer.ts';
import type { TaskAdapter, TaskStore } from '../../ports/storage/task-store.ts';
import { createMemoryWorkloads } from '../../adapters/memory/workloads.ts';
import type { Workloads } from '../../ports/cluster/workloads.ts';
import { wrapVerbs } from './wrap-verbs.ts';
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

test('a verb says in whose name it writes, as its arguments do', () => {
  const evict: WriteRules<GrownWorkloads>['evict'] = { replica: 'leader', by: 'last', seal: 'none' };
  const adopt: WriteRules<GrownHelm>['adopt'] = { replica: 'leader', by: 'request', seal: 'rewrite' };
  // @ts-expect-error -- the write uses the caller's identity, not Walm's own
  const own: WriteRules<GrownWorkloads>['evict'] = { replica: 'leader', by: 'walm', seal: 'none' };
  // @ts-expect-error -- the rule has to say whether the write is sealed
  const unsealed: WriteRules<GrownHelm>['adopt'] = { replica: 'leader', by: 'request' };
  expect([evict, adopt, own, unsealed].map(({ by }) => by)).toEqual(['last', 'request', 'walm', 'request']);
});

test('an adapter that has not gone through the gate is not a port of use cases', () => {
  const adapters = {} as { helm: HelmAdapter; tasks: TaskAdapter };
  // @ts-expect-error -- its writes require what only the gate adds
  const engine: HelmEngine = adapters.helm;
  // @ts-expect-error -- so do the writes of tasks
  const store: TaskStore = adapters.tasks;
  expect([engine, store]).toEqual([undefined, undefined]);
});
