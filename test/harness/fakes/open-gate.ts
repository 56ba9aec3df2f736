import { createGate } from '../../../server/composition/wrappers/gate.ts';
import { wrapVerbs } from '../../../server/composition/wrappers/wrap-verbs.ts';
import { type WriteRule, WRITES } from '../../../server/composition/wrappers/writes.ts';
import type { HelmAdapter, HelmEngine } from '../../../server/ports/helm/helm-engine.ts';
import type { RecordSeals } from '../../../server/ports/storage/record-seals.ts';
import type { TaskAdapter, TaskPass, TaskStore } from '../../../server/ports/storage/task-store.ts';

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
  return wrapVerbs<TaskStore, WriteRule>(tasks, WRITES.tasks, ({ rule, args }, act) =>
    act(rule.seal === 'task' ? [...args, { seal }] : args),
  );
}
