import { asNumber, asObject } from '../json/json-reading.ts';
import type { JsonObject } from '../json/json.ts';
import { groupKind, objectKey } from '../kube/kube-object.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';

/** What the hooks of an install leave in the cluster. */
export type StayingHooks = {
  /** Kept as they are, and counted as objects of the manifest are. */
  objects: ManifestDocument[];
  /** Run to their end before the release is there: quotas count them as objects, and no longer what their pods take. */
  finished: ManifestDocument[];
};

/** Events of an install, in the order in which Helm runs their hooks. */
const INSTALL_EVENTS = ['pre-install', 'post-install'] as const;
/** Kinds whose end Helm waits for. */
const FINISHING: ReadonlySet<string> = new Set(['Job.batch', 'Pod']);

/**
 * The hooks of an install that are still there when it has ended well: Helm deletes those with `hook-succeeded`, and of
 * several with one name each takes the place of the one before.
 */
export function stayingHooks(hooks: readonly ManifestDocument[]): StayingHooks {
  const run = INSTALL_EVENTS.flatMap((event) => hooks.filter(({ hook }) => hook?.events.includes(event)));
  const last = new Map(run.map((one) => [objectKey(one), one]));
  const isFinishing = ({ apiVersion, kind }: ManifestDocument): boolean => FINISHING.has(groupKind(apiVersion, kind));
  const kept = [...last.values()].filter(({ hook }) => !hook?.deletePolicies.includes('hook-succeeded'));
  return {
    objects: kept.filter((one) => !isFinishing(one)),
    finished: kept.filter(isFinishing),
  };
}

/** Pods that lie around of a Pod or Job that has ended well. */
export function finishedPods(object: JsonObject): number {
  if (object['kind'] === 'Pod') {
    return 1;
  }
  const { completions, parallelism } = asObject(object['spec']);
  return asNumber(completions, asNumber(parallelism, 1));
}
