import type { Cluster } from '../../../server/composition/adapters/cluster.ts';
import { createGate } from '../../../server/composition/wrappers/gate.ts';
import { UNWRAPPED, wrapVerbs } from '../../../server/composition/wrappers/wrap-verbs.ts';
import { type WriteRule, WRITES } from '../../../server/composition/wrappers/writes.ts';
import type { GatedAdapters, HelmAdapter, TaskAdapter } from '../../../server/ports/gate/gated-adapters.ts';
import { issuePass, type TaskPass } from '../../../server/ports/gate/passes.ts';
import type { HelmEngine } from '../../../server/ports/helm/helm-engine.ts';
import type { RecordSeals } from '../../../server/ports/storage/record-seals.ts';
import type { TaskStore } from '../../../server/ports/storage/task-store.ts';

/** An engine for its own tests, behind the gate of a replica that always leads; without seals nothing is sealed. */
export function leadingHelm(helm: HelmAdapter, recordSeals: RecordSeals | null = null): HelmEngine {
  const gate = createGate({
    leadership: { term: () => ({ number: 1, untilMs: Number.MAX_SAFE_INTEGER }) },
    recordSeals,
    taskSeal: { seal: () => Promise.reject(new Error('this gate is for the engine alone')) },
  });
  return gate.helm(helm);
}

/** A store for its own tests, with this seal for every task. */
export function sealedTasks(tasks: TaskAdapter, seal: TaskPass['seal']): TaskStore {
  return wrapVerbs<TaskStore, WriteRule>(tasks, WRITES.tasks, ({ args }, act) => act([...args, issuePass({ seal })]));
}

/** Another port of the cluster for its own tests: every write gets a pass. */
export function openGate<Port extends Exclude<keyof GatedAdapters, 'tasks'>>(
  port: Port,
  adapter: GatedAdapters[Port],
): Cluster[Port] {
  const gated = Object.entries<WriteRule | typeof UNWRAPPED>(WRITES[port]).map(([verb, rule]) => {
    const act = (adapter as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>)[verb];
    return [verb, (...args: readonly unknown[]) => act?.(...args, ...(rule === UNWRAPPED ? [] : [issuePass({})]))];
  });
  return Object.fromEntries(gated) as Cluster[Port];
}
