import type { Caller } from '../../../domain/access/caller.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { placeOf } from '../../../domain/kube/kube-object.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { containerDefaults } from '../../../domain/quotas/quota-needs.ts';
import { overQuota } from '../../../domain/quotas/quota-room.ts';
import type { NamespaceLimits } from '../../../ports/cluster/namespace-limits.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { ObjectRef } from '../../../ports/helm/helm-release.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import { quotaPlurals } from './quota-plurals.ts';

export type RefuseOverQuotaDeps = {
  limits: Pick<NamespaceLimits, 'read' | 'defaults'>;
  engine: Pick<HelmReader, 'listResources'>;
};

/** Namespaces whose quotas are judged; a chart may name any number of them. */
const MAX_NAMESPACES = 20;

/**
 * Refuses what quotas have no room for together, where the caller may list them: the cluster judges one object at a time.
 * What is `there` already takes nothing more.
 * @throws ProblemError QUOTA_EXCEEDED
 */
export type RefuseOverQuota = (
  objects: { made: readonly ManifestDocument[]; there: readonly ObjectRef[] },
  caller: Caller | null,
  call: EngineCall,
) => Promise<void>;

export function createRefuseOverQuota({ limits, engine }: RefuseOverQuotaDeps): RefuseOverQuota {
  return async function refuseOverQuota({ made, there }, caller, call) {
    const known = new Set(there.map(placeOf));
    const fresh = made.filter((document) => document.namespace !== '' && !known.has(placeOf(document)));
    const places = [...new Set(fresh.map(({ namespace }) => namespace))].slice(0, MAX_NAMESPACES);
    const read = await Promise.all(
      places.map(async (namespace) => ({ namespace, facts: await limits.read(caller, namespace, call.signal) })),
    );
    const limited = read.filter(({ facts }) => (facts?.quotas ?? []).length > 0);
    if (limited.length === 0) {
      return;
    }
    const defaults = await limits.defaults(call.signal);
    for (const { namespace, facts } of limited) {
      const quotas = facts?.quotas ?? [];
      const documents = fresh.filter((document) => document.namespace === namespace);
      const world = {
        nodes: [],
        podDefaults: { container: containerDefaults(facts?.limitRanges ?? []), overheads: defaults.overheads },
        defaultPriorityClass: defaults.priorityClass,
        defaultStorageClass: defaults.storageClass,
        pluralOf: await quotaPlurals(engine, quotas, call),
      };
      const over = overQuota(
        documents.map(({ object }) => object),
        quotas,
        world,
      );
      const document = over && documents[over.index];
      if (over && document) {
        throw overQuotaProblem(document, over);
      }
    }
  };
}

function overQuotaProblem(
  { apiVersion, kind, namespace, name, source }: ManifestDocument,
  { quota, resource }: { quota: string; resource: string },
) {
  const object = { apiVersion, kind, namespace, name };
  const message =
    `quota ${quota} of namespace ${namespace} has no room for ${kind} ${name} (${source}): with the objects of the ` +
    `release before it, more of ${resource} is taken than the quota allows`;
  return problem('QUOTA_EXCEEDED', message, { object, file: source, quota, resource });
}
