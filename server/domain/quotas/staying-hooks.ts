import { asNumber, asObject } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { groupKind, objectKey } from '../kube/kube-object.ts';
import type { HookFacts, ManifestDocument } from '../kube/manifest-document.ts';

/** The objects that hooks leave in the cluster. */
export type StayingHooks = {
  /** Kept unchanged, and counted like objects of the manifest. */
  objects: ManifestDocument[];
  /** Finished before the release is deployed: quotas count the objects, but no longer the resources of their pods. */
  finished: ManifestDocument[];
};

/** The events of each operation, in the order in which Helm runs their hooks. */
const EVENTS = { install: ['pre-install', 'post-install'], upgrade: ['pre-upgrade', 'post-upgrade'] } as const;
/** Kinds whose completion Helm waits for. */
const FINISHING: ReadonlySet<string> = new Set(['Job.batch', 'Pod']);
const GOES_AT_END = 'hook-succeeded';

/** A hook as a revision recorded it; `ran`: during an operation of that very revision. */
export type RecordedHook = Pick<ManifestDocument, 'apiVersion' | 'kind' | 'name'> & HookFacts & { ran?: boolean };

/**
 * The hooks of an operation that still exist after it succeeded: Helm deletes those with `hook-succeeded`, and of
 * several with one name each replaces the previous one.
 */
export function stayingHooks(
  hooks: readonly ManifestDocument[],
  operation: keyof typeof EVENTS = 'install',
): StayingHooks {
  const left = new Map<string, ManifestDocument>();
  for (const event of EVENTS[operation]) {
    const run = hooksAt(hooks, event);
    run.forEach((one) => left.set(objectKey(one), one));
    run.filter(({ hook }) => hook?.deletePolicies.includes(GOES_AT_END)).forEach((one) => left.delete(objectKey(one)));
  }
  return byEnd([...left.values()]);
}

/**
 * What exists before an upgrade of the objects that its hooks replace: of the same kinds and names, from hooks of
 * earlier revisions. An install ran its hooks long ago; whether upgrade hooks ever ran is recorded.
 */
export function replacedHooks(hooks: readonly ManifestDocument[], recorded: readonly RecordedHook[]): StayingHooks {
  const there = new Set(recorded.filter(isLeft).map(nameOf));
  const run = EVENTS.upgrade.flatMap((event) => hooksAt(hooks, event));
  const replaced = new Map(run.filter((one) => there.has(nameOf(one))).map((one) => [objectKey(one), one]));
  return byEnd([...replaced.values()]);
}

function isLeft({ events, deletePolicies, ran }: RecordedHook): boolean {
  const hasRun = ran === true || EVENTS.install.some((event) => events.includes(event));
  return hasRun && !deletePolicies.includes(GOES_AT_END) && !events.includes('test');
}

function nameOf({ apiVersion, kind, name }: Pick<ManifestDocument, 'apiVersion' | 'kind' | 'name'>): string {
  return `${groupKind(apiVersion, kind)} ${name}`;
}

/** The hooks of an event in the order in which they run: by weight, then in the order of the manifest. */
function hooksAt(hooks: readonly ManifestDocument[], event: string): ManifestDocument[] {
  return hooks
    .filter(({ hook }) => hook?.events.includes(event))
    .toSorted((a, b) => (a.hook?.weight ?? 0) - (b.hook?.weight ?? 0));
}

function byEnd(hooks: readonly ManifestDocument[]): StayingHooks {
  const isFinishing = ({ apiVersion, kind }: ManifestDocument): boolean => FINISHING.has(groupKind(apiVersion, kind));
  return { objects: hooks.filter((one) => !isFinishing(one)), finished: hooks.filter(isFinishing) };
}

/** Number of pods left by a Pod or Job that has succeeded. */
export function finishedPods(object: JsonObject): number {
  if (object['kind'] === 'Pod') {
    return 1;
  }
  const { completions, parallelism } = asObject(object['spec']);
  return asNumber(completions, asNumber(parallelism, 1));
}
