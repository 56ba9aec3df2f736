import type { Metainfo } from '../metainfo/metainfo.ts';
import { problem } from '../errors/problem-error.ts';
import { providerKey } from '../dependencies/release-dependencies.ts';
import { type ReleaseKey, releaseKey } from '../names/release-key.ts';
import type { TaskState } from '../tasks/task.ts';

/** A release that will be part of a project. */
export type ProjectMember = {
  name: string;
  chartName: string;
  /** As given in the request; an empty value excludes the dependency. */
  dependencies: Record<string, string>;
  metainfo: Metainfo | null;
};

/** The dependencies of a member, and the members installed before it. */
export type WiredMember = { dependencies: Record<string, string>; after: string[] };

/**
 * Connects the releases of a project: if the chart of one declares a dependency on the chart of another, it gets that
 * dependency, unless the request says otherwise; of several releases of the same chart the last one counts (the
 * original Walm's rule). Returns them in the order of the members.
 * @throws ProblemError DEPENDENCY_CYCLE, DEPENDENCY_INVALID, REQUEST_INVALID for a duplicate name
 */
export function wireProject(members: readonly ProjectMember[], namespace: string): WiredMember[] {
  const names = members.map(({ name }) => name);
  const known = new Set<string>();
  const twice = names.find((name) => known.size === known.add(name).size);
  if (twice !== undefined) {
    throw problem('REQUEST_INVALID', `the release ${twice} is named twice`, { path: '/releases' });
  }
  const byChart = Map.groupBy(members, ({ chartName }) => chartName);
  const wired = members.map((member) => {
    const dependencies = { ...automatic(member, byChart), ...member.dependencies };
    const providers = Object.values(dependencies).filter((provider) => provider !== '');
    const keys = new Set(providers.map((provider) => providerKey(provider, namespace)));
    return { dependencies, after: names.filter((name) => keys.has(releaseKey(namespace, name))) };
  });
  const keysOf = (others: readonly string[]) => others.map((other) => releaseKey(namespace, other));
  const cycle = cycleIn(
    new Map(members.map(({ name }, i) => [releaseKey(namespace, name), keysOf(wired[i]?.after ?? [])])),
  );
  if (cycle !== null) {
    throw problem('DEPENDENCY_CYCLE', `the dependencies form a cycle: ${cycle.join(' → ')}`, { path: cycle });
  }
  return wired;
}

/** A cycle of a graph as the path from its first member back to it; null if there is none. Visits each edge once. */
function cycleIn(graph: ReadonlyMap<ReleaseKey, readonly ReleaseKey[]>): ReleaseKey[] | null {
  const left = withoutEnds(graph);
  const path = new Set<ReleaseKey>();
  let [key] = left.keys();
  // Every remaining node depends on a remaining one, so the path returns to itself.
  while (key !== undefined && !path.has(key)) {
    path.add(key);
    key = left.get(key)?.find((other) => left.has(other));
  }
  if (key === undefined) {
    return null;
  }
  const members = [...path].slice([...path].indexOf(key));
  const order = [...left.keys()];
  const first = members.indexOf(order.find((one) => members.includes(one)) ?? key);
  const cycle = [...members.slice(first), ...members.slice(0, first)];
  return [...cycle, ...cycle.slice(0, 1)];
}

/**
 * The graph after repeatedly removing nodes without remaining dependencies: cycles are left, and what leads into them.
 */
function withoutEnds(
  graph: ReadonlyMap<ReleaseKey, readonly ReleaseKey[]>,
): ReadonlyMap<ReleaseKey, readonly ReleaseKey[]> {
  const open = new Map([...graph].map(([key, after]) => [key, after.length]));
  const dependents = new Map<ReleaseKey, ReleaseKey[]>([...graph.keys()].map((key) => [key, []]));
  graph.forEach((after, key) => after.forEach((other) => dependents.get(other)?.push(key)));
  const ends = [...open].filter(([, count]) => count === 0).map(([key]) => key);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    open.delete(end);
    for (const dependent of dependents.get(end) ?? []) {
      const count = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, count);
      if (count === 0) {
        ends.push(dependent);
      }
    }
  }
  return new Map([...graph].filter(([key]) => open.has(key)));
}

/** The dependencies that the releases of a project give each other, where no request says otherwise, in their order. */
export function automaticDependencies(members: readonly ProjectMember[]): Record<string, string>[] {
  const byChart = Map.groupBy(members, ({ chartName }) => chartName);
  return members.map((member) => automatic(member, byChart));
}

/** The dependencies of a chart on charts of other members. */
function automatic(
  member: ProjectMember,
  byChart: ReadonlyMap<string, readonly ProjectMember[]>,
): Record<string, string> {
  const found = (member.metainfo?.dependencies ?? []).flatMap(({ name, chartName }): [string, string][] => {
    const isAutomatic = name !== '' && (chartName === '' || chartName === name);
    const other = byChart.get(name)?.findLast((candidate) => candidate.name !== member.name);
    return isAutomatic && other !== undefined ? [[name, other.name]] : [];
  });
  return Object.fromEntries(found);
}

/** One release task of a project task; `state` is null until it is created. */
export type ProjectStep = { release: string; after: readonly string[]; state: TaskState | null };

/** The next step of a project task. */
export type ProjectMove =
  | { do: 'start'; releases: string[] }
  | { do: 'wait'; releases: string[] }
  | { do: 'fail'; release: string }
  | { do: 'finish' };

/**
 * Decides from the existing release tasks: starts those whose predecessors are done, and none after a failure; the
 * failure is reported when no task runs any more.
 */
export function planProject(steps: readonly ProjectStep[]): ProjectMove {
  const done = new Set(steps.filter(({ state }) => state === 'succeeded').map(({ release }) => release));
  const failed = steps.find(({ state }) => state === 'failed' || state === 'cancelled');
  const running = steps.filter(({ state }) => state === 'queued' || state === 'running');
  const startable = steps.filter(({ state, after }) => state === null && after.every((name) => done.has(name)));
  if (failed === undefined && startable.length > 0) {
    return { do: 'start', releases: startable.map(({ release }) => release) };
  }
  if (running.length > 0) {
    return { do: 'wait', releases: running.map(({ release }) => release) };
  }
  return failed === undefined ? { do: 'finish' } : { do: 'fail', release: failed.release };
}
