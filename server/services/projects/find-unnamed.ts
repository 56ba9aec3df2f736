import { recordedProviders } from '../../domain/dependencies/release-dependencies.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { UnnamedMember } from '../../domain/projects/apply-plan.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { projectKey, type TaskOrder } from '../../domain/tasks/task.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';

/** Members that the request does not name: those that are there, and those that an unfinished change brings. */
export function findUnnamed(
  store: Pick<TaskStore, 'unfinishedOf'>,
  { namespace, project }: { namespace: string; project: string },
  members: readonly ReleaseRecord[],
  named: ReadonlySet<string>,
): UnnamedMember[] {
  const there = members.filter(({ name }) => !named.has(name));
  const coming = store
    .unfinishedOf(projectKey(namespace, project))
    .flatMap(({ task }) => broughtBy(task.order))
    .filter(({ name }) => !named.has(name) && !there.some((record) => record.name === name));
  const dependents = new Map<ReleaseKey, string[]>();
  for (const { key, name, facts } of members) {
    for (const provider of recordedProviders(key, facts?.dependencies ?? {})) {
      const known = dependents.get(provider) ?? [];
      known.push(name);
      dependents.set(provider, known);
    }
  }
  const unique = new Map(coming.map((one) => [one.name, one]));
  return [
    ...there.map(({ key, name, revision }) => ({
      name,
      revision,
      dependents: dependents.get(key) ?? [],
    })),
    ...unique.values(),
  ];
}

/** The releases that an unfinished change of a project installs, or may install. */
function broughtBy(order: TaskOrder): UnnamedMember[] {
  const steps: readonly { release: string; after: readonly string[]; order: TaskOrder }[] =
    order.kind === 'createProject'
      ? order.installs
      : order.kind === 'changeProject' || order.kind === 'applyProject'
        ? order.steps
        : [];
  return steps
    .filter((step) => step.order.kind !== 'delete')
    .map(({ release }) => ({
      name: release,
      revision: 0,
      dependents: steps.filter(({ after }) => after.includes(release)).map((other) => other.release),
    }));
}
