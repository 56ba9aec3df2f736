import { boundWarnings } from '../../../domain/bounds/bound-warnings.ts';
import { maskWarnings } from '../../../domain/release/revision-secrets.ts';
import type { ReleaseTotals } from '../../../../contract/schemas/resource-totals.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import { splitArchive } from '../../../domain/charts/chart-archive-chunks.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { groupKind } from '../../../domain/kube/kube-object.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { containerDefaults, quotaNeeds, type QuotaWorld } from '../../../domain/quotas/quota-needs.ts';
import { replacedHooks, stayingHooks } from '../../../domain/quotas/staying-hooks.ts';
import { quotaVerdict } from '../../../domain/quotas/quota-verdict.ts';
import { uncountedQuantities } from '../../../domain/quotas/unreadable-quantities.ts';
import { resourceTotals, totalSum } from '../../../domain/quotas/resource-totals.ts';
import type { ChartArchiveStore } from '../../../ports/storage/chart-archive-store.ts';
import type { ChartFolder } from '../../../ports/helm/chart-folder.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { NamespaceLimits } from '../../../ports/cluster/namespace-limits.ts';
import { quotaPlurals } from './quota-plurals.ts';
import type { DryRunInput, DryRunRendering } from './render-dry-run.ts';

export type EstimateRenderingsDeps = {
  limits: NamespaceLimits;
  engine: Pick<HelmReader, 'listResources'>;
  folder: Pick<ChartFolder, 'read'>;
  archives: Pick<ChartArchiveStore, 'list'>;
};

/** As much of the Secret as quotas count. */
const SECRET: JsonObject = { apiVersion: 'v1', kind: 'Secret', metadata: {} };

/** Maximum namespaces whose quotas are checked; a chart may name any number of them. */
const MAX_NAMESPACES = 20;
/** Quotas with these resources count the Secrets that Walm and Helm store for a release. */
const COUNTS_SECRETS = /"(count\/)?secrets"/;

/** Who asks, and the namespace of the releases. */
type Asking = Pick<DryRunInput, 'caller' | 'namespace' | 'requestId'>;

/** Totals in cores, Mi and Gi. */
export type Estimate = { totals: ReleaseTotals; warnings: readonly Warning[] };

/**
 * Computes what releases of one namespace will request together once they are as they were rendered (with `originals`),
 * and whether that fits into the quotas of their namespaces, as far as the caller may list them.
 */
export type EstimateRenderings = (
  asking: Asking,
  renderings: readonly DryRunRendering[],
  signal: AbortSignal,
) => Promise<Estimate>;

export function createEstimateRenderings(deps: EstimateRenderingsDeps): EstimateRenderings {
  const { limits, engine } = deps;

  /** Helm's record of each revision, and the charts' archives where none is kept yet. */
  async function kept(
    quotas: readonly JsonObject[],
    namespace: string,
    renderings: readonly DryRunRendering[],
  ): Promise<JsonObject[]> {
    if (!COUNTS_SECRETS.test(JSON.stringify(quotas))) {
      return [];
    }
    const there = new Set((await deps.archives.list(namespace)).map(({ digest }) => digest));
    const missing = [...new Set(renderings.map(({ digest }) => digest))].filter((digest) => !there.has(digest));
    let chunks = 0;
    for (const digest of missing) {
      chunks += splitArchive((await deps.folder.read(digest)) ?? new Uint8Array()).length;
    }
    return Array.from({ length: renderings.length + chunks }, () => SECRET);
  }

  return async function estimateRenderings({ namespace: home, caller, requestId }, renderings, signal) {
    const call = { signal, requestId };
    const defaults = await limits.defaults(signal);
    const documents = renderings.flatMap(({ rendered }) => rendered.documents);
    const recorded = renderings.flatMap(({ existing }) => existing?.objects ?? []);
    const nodes = [...documents, ...recorded].some(isDaemonSet) ? await limits.nodes(signal) : [];
    const staying = renderings.map(({ rendered, existing }) =>
      stayingHooks(rendered.hooks, existing === null ? 'install' : 'upgrade'),
    );
    const replaced = renderings.map(({ rendered, existing }) => replacedHooks(rendered.hooks, existing?.hooks ?? []));
    const planned = byNamespace([...documents, ...staying.flatMap(({ objects }) => objects)]);
    const finished = byNamespace(staying.flatMap((hooks) => hooks.finished));
    const before = byNamespace([...recorded, ...replaced.flatMap(({ objects }) => objects)]);
    const finishedBefore = byNamespace(replaced.flatMap((hooks) => hooks.finished));
    const places = [...new Set([home, ...planned.keys(), ...finished.keys(), ...before.keys()])].filter(
      (place) => place !== '',
    );
    const judged = await Promise.all(
      places.slice(0, MAX_NAMESPACES).map(async (namespace) => ({
        namespace,
        facts: await limits.read(caller, namespace, signal),
      })),
    );
    const quotas = judged.flatMap(({ facts }) => facts?.quotas ?? []);
    const pluralOf = await quotaPlurals(engine, quotas, call);
    const keptAtHome = await kept(quotas, home, renderings);
    const isGrowth = renderings.some(({ existing }) => existing !== null);
    const parts = places.map((namespace) => {
      const facts = judged.find((place) => place.namespace === namespace)?.facts ?? null;
      const world: QuotaWorld = {
        nodes: nodes ?? [],
        podDefaults: { container: containerDefaults(facts?.limitRanges ?? []), overheads: defaults.overheads },
        defaultPriorityClass: defaults.priorityClass,
        defaultStorageClass: defaults.storageClass,
        pluralOf,
      };
      const objects = planned.get(namespace) ?? [];
      return {
        namespace,
        quotas: facts?.quotas ?? [],
        isHidden: facts === null,
        world,
        objects,
        needs: quotaNeeds([...objects, ...(namespace === home ? keptAtHome : [])], world, finished.get(namespace)),
        ...(isGrowth && {
          before: quotaNeeds(before.get(namespace) ?? [], world, finishedBefore.get(namespace)),
        }),
      };
    });
    const uncountedSets = renderings.flatMap(({ rendered, masker }) =>
      maskWarnings(rendered.documents.filter(isDaemonSet).map(uncounted), masker),
    );
    const unread = renderings.flatMap(({ rendered, originals, masker }, index) => {
      const counted = [...rendered.documents, ...(staying[index]?.objects ?? [])];
      return maskWarnings(boundWarnings(uncountedQuantities(counted, originals)), masker);
    });
    return {
      totals: {
        ...resourceTotals({
          objects: documents.map(({ object }) => object),
          originals: renderings.flatMap(({ originals }) => originals.map(({ object }) => object)),
        }),
        total: totalSum(parts),
        quota: quotaVerdict(home, parts),
      },
      warnings: [
        ...(nodes === null ? uncountedSets : []),
        ...unread,
        ...parts.filter(({ isHidden }) => isHidden).map(({ namespace }) => hidden(namespace)),
      ],
    };
  };
}

/** Cluster-scoped objects are under the empty name. */
function byNamespace(documents: readonly ManifestDocument[]): Map<string, JsonObject[]> {
  const found = new Map<string, JsonObject[]>();
  for (const { namespace, object } of documents) {
    const known = found.get(namespace);
    if (known === undefined) {
      found.set(namespace, [object]);
    } else {
      known.push(object);
    }
  }
  return found;
}

function isDaemonSet({ apiVersion, kind }: ManifestDocument): boolean {
  return ['DaemonSet.apps', 'DaemonSet.extensions'].includes(groupKind(apiVersion, kind));
}

/** What cannot be counted without knowing the nodes. */
function uncounted({ name }: ManifestDocument): Warning {
  const message = `the pods of DaemonSet ${name} are not counted: Walm is not allowed to read the nodes of the cluster`;
  return { code: 'NODES_NOT_READABLE', message };
}

/** What cannot be checked without knowing the quotas. */
function hidden(namespace: string): Warning {
  const message =
    `the quotas of namespace ${namespace} are not judged: the caller may not list resourcequotas and limitranges ` +
    `there, or the release has objects in more than ${MAX_NAMESPACES} namespaces`;
  return { code: 'QUOTAS_NOT_READABLE', message };
}
