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
import { resourceTotals, totalSum } from '../../../domain/quotas/resource-totals.ts';
import type { ChartArchiveStore } from '../../../ports/storage/chart-archive-store.ts';
import type { ChartFolder } from '../../../ports/helm/chart-folder.ts';
import type { HelmReader } from '../../../ports/helm/helm-reader.ts';
import type { NamespaceLimits } from '../../../ports/cluster/namespace-limits.ts';
import { quotaPlurals } from './quota-plurals.ts';
import type { RenderDryRun, DryRunInput } from './render-dry-run.ts';

export type EstimateResourcesDeps = {
  renderDryRun: RenderDryRun;
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

/**
 * Computes the resources that an install, or for an existing release an upgrade, would request, and whether they fit
 * into the quotas of its namespaces, as far as the caller may list them. Nothing is written. Throws the problems of the
 * dry run.
 */
export type EstimateResources = (
  input: DryRunInput,
  signal: AbortSignal,
) => Promise<{ totals: ReleaseTotals; warnings: readonly Warning[] }>;

export function createEstimateResources(deps: EstimateResourcesDeps): EstimateResources {
  const { renderDryRun, limits, engine } = deps;

  /** Helm's record of the revision, and the chart's archive where none is kept yet. */
  async function kept(quotas: readonly JsonObject[], namespace: string, digest: string): Promise<JsonObject[]> {
    if (!COUNTS_SECRETS.test(JSON.stringify(quotas))) {
      return [];
    }
    const isKept = (await deps.archives.list(namespace)).some((archive) => archive.digest === digest);
    const chunks = isKept ? 0 : splitArchive((await deps.folder.read(digest)) ?? new Uint8Array()).length;
    return Array.from({ length: 1 + chunks }, () => SECRET);
  }

  return async function estimateResources(input, signal) {
    const call = { signal, requestId: input.requestId };
    const [{ rendered, originals, existing, digest, masker, warnings }, defaults] = await Promise.all([
      renderDryRun({ ...input, originals: true }, signal),
      limits.defaults(signal),
    ]);
    const recorded = existing?.objects ?? [];
    const nodes = [...rendered.documents, ...recorded].some(isDaemonSet) ? await limits.nodes(signal) : [];
    const staying = stayingHooks(rendered.hooks, existing === null ? 'install' : 'upgrade');
    const replaced = replacedHooks(rendered.hooks, existing?.hooks ?? []);
    const planned = byNamespace([...rendered.documents, ...staying.objects]);
    const finished = byNamespace(staying.finished);
    const before = byNamespace([...recorded, ...replaced.objects]);
    const finishedBefore = byNamespace(replaced.finished);
    const places = [...new Set([input.namespace, ...planned.keys(), ...finished.keys(), ...before.keys()])].filter(
      (place) => place !== '',
    );
    const judged = await Promise.all(
      places.slice(0, MAX_NAMESPACES).map(async (namespace) => ({
        namespace,
        facts: await limits.read(input.caller, namespace, signal),
      })),
    );
    const quotas = judged.flatMap(({ facts }) => facts?.quotas ?? []);
    const pluralOf = await quotaPlurals(engine, quotas, call);
    const home = await kept(quotas, input.namespace, digest);
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
      const kept = namespace === input.namespace ? home : [];
      return {
        namespace,
        quotas: facts?.quotas ?? [],
        isHidden: facts === null,
        world,
        objects,
        needs: quotaNeeds([...objects, ...kept], world, finished.get(namespace)),
        ...(existing !== null && {
          before: quotaNeeds(before.get(namespace) ?? [], world, finishedBefore.get(namespace)),
        }),
      };
    });
    return {
      totals: {
        ...resourceTotals({
          objects: rendered.documents.map(({ object }) => object),
          originals: originals.map(({ object }) => object),
        }),
        total: totalSum(parts),
        quota: quotaVerdict(input.namespace, parts),
      },
      warnings: [
        ...warnings,
        ...(nodes === null ? maskWarnings(rendered.documents.filter(isDaemonSet).map(uncounted), masker) : []),
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
