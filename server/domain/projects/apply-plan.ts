import type { ReleaseFacts } from '../release/release-facts.ts';
import { isSameJson } from '../json/sorted-json.ts';
import type { PlanReason, StepAction } from '../../../contract/schemas/project-preview.ts';
import { wavesOf } from './waves.ts';

/** A release that the desired state names. */
export type NamedMember = {
  name: string;
  /** The newest applied revision; 0: there is no release of that name. */
  revision: number;
  /** The other named releases that it depends on. */
  after: readonly string[];
  /** Why it is not as it is wanted; empty if it is. */
  reasons: readonly PlanReason[];
};

/** A member that the desired state does not name. */
export type UnnamedMember = {
  name: string;
  revision: number;
  /** The other members that depend on it. */
  dependents: readonly string[];
};

/** What becomes of one release, the steps that come directly before that, and when: wave 0 is never. */
export type PlanStep = {
  name: string;
  action: StepAction;
  revision: number;
  after: string[];
  reasons: readonly PlanReason[];
  wave: number;
};

/**
 * Plans how a project becomes what is desired: each change after those of the releases that it depends on, directly or
 * by way of releases that stay; everything else side by side. Removals come after all else, dependents first. The
 * dependencies must form no cycle (`wireProject` refuses it). Steps are in the order of the members.
 */
export function planApplication(
  named: readonly NamedMember[],
  unnamed: readonly UnnamedMember[],
  { remove }: { remove: boolean },
): PlanStep[] {
  const changed = new Set(named.filter(({ reasons }) => reasons.length > 0).map(({ name }) => name));
  const before = changedBefore(named, changed);
  const removals = remove ? orderRemovals(unnamed, lastOf(changed, before)) : new Map<string, string[]>();
  const steps = [
    ...named.map(({ name, revision, reasons }) => {
      const action: StepAction = !changed.has(name) ? 'none' : revision === 0 ? 'install' : 'upgrade';
      return { name, action, revision, reasons, after: changed.has(name) ? [...(before.get(name) ?? [])] : [] };
    }),
    ...unnamed.map(({ name, revision }) => ({
      name,
      action: remove ? ('remove' as const) : ('none' as const),
      revision,
      reasons: ['NOT_NAMED' as const],
      after: removals.get(name) ?? [],
    })),
  ];
  const waves = new Map<string, number>();
  wavesOf(steps.filter(({ action }) => action !== 'none')).forEach((wave, at) =>
    wave.forEach(({ name }) => waves.set(name, at + 1)),
  );
  return steps.map((step) => ({ ...step, wave: waves.get(step.name) ?? 0 }));
}

/** The changed releases that no other one comes after: when they are done, all are. */
function lastOf(changed: ReadonlySet<string>, before: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const earlier = new Set([...changed].flatMap((name) => [...(before.get(name) ?? [])]));
  return [...changed].filter((name) => !earlier.has(name));
}

/** What comes directly before each removal: its dependents, or the `last` changes. Dependents in a cycle have no order. */
function orderRemovals(unnamed: readonly UnnamedMember[], last: readonly string[]): Map<string, string[]> {
  const gone = new Set(unnamed.map(({ name }) => name));
  const removals = unnamed.map(({ name, dependents }) => ({
    name,
    after: dependents.filter((other) => other !== name && gone.has(other)),
  }));
  const ordered = new Set(wavesOf(removals).flatMap((wave) => wave.map(({ name }) => name)));
  return new Map(removals.map(({ name, after }) => [name, ordered.has(name) && after.length > 0 ? after : [...last]]));
}

/** For each release the nearest changed ones that come before it. */
function changedBefore(named: readonly NamedMember[], changed: ReadonlySet<string>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  // Providers first, so that what comes before them is known.
  for (const { name, after } of wavesOf(named).flat()) {
    const nearest = after.flatMap((other) => (changed.has(other) ? [other] : [...(found.get(other) ?? [])]));
    found.set(name, new Set(nearest));
  }
  return found;
}

/** What requests determine of a release, with its true values. */
export type RequestedContent = Pick<
  ReleaseFacts,
  | 'configValues'
  | 'commonValues'
  | 'dependencies'
  | 'releaseLabels'
  | 'removedLabels'
  | 'plugins'
  | 'outputs'
  | 'onFailure'
  | 'strategy'
  | 'project'
>;

/** A release as it is, and as it is wanted. */
export type ComparedMember = {
  recorded: RequestedContent;
  wanted: RequestedContent;
  /** Digests of the chart that it has, and of the one that it is to have. */
  chart: { from: string; to: string };
  /** Dependencies that the project gives it, and no request names. */
  automatic: Readonly<Record<string, string>>;
  /** Its newest revision failed. */
  failed: boolean;
  /** Another client changed it last. */
  outside: boolean;
};

/** Why a release is not as it is wanted; empty if it is. */
export function reasonsToChange({ recorded, wanted, chart, automatic, failed, outside }: ComparedMember): PlanReason[] {
  const differ = (...fields: (keyof RequestedContent)[]) =>
    fields.some((field) => !isSameJson(recorded[field], wanted[field]));
  const keys = changedKeys(recorded.dependencies, wanted.dependencies);
  const found: [PlanReason, boolean][] = [
    ['ADOPTED', recorded.project !== wanted.project],
    ['CHART_CHANGED', chart.from !== chart.to],
    ['VALUES_CHANGED', differ('configValues')],
    ['COMMON_VALUES_CHANGED', differ('commonValues')],
    ['LABELS_CHANGED', recorded.project === wanted.project && differ('releaseLabels', 'removedLabels')],
    ['DEPENDENCIES_CHANGED', keys.some((key) => !Object.hasOwn(automatic, key))],
    ['AUTOMATIC_DEPENDENCY', keys.some((key) => Object.hasOwn(automatic, key))],
    ['PLUGINS_CHANGED', differ('plugins')],
    ['SETTINGS_CHANGED', differ('outputs', 'onFailure', 'strategy')],
    ['FAILED_BEFORE', failed],
    ['OUTSIDE_CHANGE', outside],
  ];
  return found.flatMap(([reason, holds]) => (holds ? [reason] : []));
}

function changedKeys(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]);
}
