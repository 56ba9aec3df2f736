import { problemOf } from '../../server/adapters/kube/client/problem-of.ts';
import type { MemoryCharts } from '../../server/adapters/memory/helm-charts.ts';
import { BLANK } from '../../server/adapters/memory/helm-history.ts';
import { problem, ProblemError } from '../../server/domain/errors/problem-error.ts';
import type { KubeObject } from '../../server/domain/kube/kube-object.ts';
import type { JsonObject } from '../../server/domain/json/json.ts';
import { readReleaseFacts } from '../../server/domain/release/release-facts.ts';
import { isDeployed, isFailed, isPending, isUninstalling } from '../../server/domain/revisions/helm-status.ts';
import { NO_SEAL, type SealState } from '../../server/domain/seals/seal-state.ts';
import type { ReleaseTarget } from '../../server/ports/helm/engine-call.ts';
import type { InstallRequest, RewriteSealing } from '../../server/ports/helm/helm-changes.ts';
import type { HelmRelease, ManifestDocument } from '../../server/ports/helm/helm-release.ts';

const RELEASE_NAME = 'meta.helm.sh/release-name';
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

/** A revision that is about to be recorded, sealed as the request says, or in the name of its caller. */
export function newRevision(
  { namespace, name, identity }: ReleaseTarget,
  history: readonly HelmRelease[],
  made: Partial<HelmRelease>,
  { sealing, at }: { sealing: RewriteSealing | undefined; at: string },
): HelmRelease {
  const status = made.status ?? 'pending-install';
  const by = sealing?.keeps === undefined ? identity : sealing.keeps.by;
  const operation = sealing?.operation ?? status.slice('pending-'.length);
  const seal: SealState =
    readReleaseFacts(made.releaseConfig ?? null) === null
      ? NO_SEAL
      : { sealed: true, by, at: sealing?.since ?? at, operation };
  return {
    namespace,
    name,
    revision: (history.at(-1)?.revision ?? 0) + 1,
    status,
    updated: at,
    firstDeployed: history.at(-1)?.firstDeployed ?? at,
    ...BLANK,
    seal,
    ...made,
  };
}

/** What identifies an object within a release. */
export const keyOf = ({ kind, name }: ManifestDocument) => `${kind}/${name}`;
/**
 * The objects that a change removes unless it contains them: those of the revision that Helm compares with, and, like
 * engine/action/leftovers.go, those that failed revisions and other deployed ones may have left.
 */
export function removable(
  compared: HelmRelease | undefined,
  history: readonly HelmRelease[],
): readonly ManifestDocument[] {
  const others = history.filter(({ revision }) => revision !== compared?.revision);
  const applied = new Set(
    history.filter(({ status }) => !isFailed(status)).flatMap(({ objects }) => objects.map(keyOf)),
  );
  const left = others
    .filter(({ status }) => isFailed(status))
    .flatMap(({ objects }) => objects.filter((one) => !applied.has(keyOf(one))));
  const deployed = others.filter(({ status }) => isDeployed(status)).flatMap(({ objects }) => objects);
  const all = [...left, ...deployed, ...(compared?.objects ?? [])];
  return [...new Map(all.map((one) => [keyOf(one), one])).values()].toReversed();
}

/** The recorded description of a change. */
export const described = (description: string | undefined) => (description === undefined ? {} : { description });

/** Whether the result of a request is unknown. */
export function isUnsure(error: unknown): boolean {
  const found = problemOf(error, { kind: 'Release', name: '' });
  return found instanceof ProblemError && found.code === 'CLUSTER_UNREACHABLE';
}

/** The facts that a revision takes from its request and chart. */
export function factsOf({ values, labels, chart }: InstallRequest, charts: MemoryCharts): Partial<HelmRelease> {
  const { name: chartName, version: chartVersion } = charts.get(chart);
  return { config: values, computedValues: values, chartName, chartVersion, labels: labels ?? {} };
}

/** Whether Helm keeps the object when its release is deleted, or no longer contains it. */
export function isKept({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['helm.sh/resource-policy'] === 'keep';
}

/** Refuses to change objects of another release, like engine/ownership. */
export function refuseTaken(
  { kind, name }: ManifestDocument,
  live: KubeObject | undefined,
  own: { namespace: string; name: string },
): void {
  const { [RELEASE_NAME]: owner, [RELEASE_NAMESPACE]: namespace } = live?.metadata.annotations ?? {};
  if (live === undefined || (owner === own.name && namespace === own.namespace)) return;
  throw problem(
    'RESOURCE_EXISTS',
    `${kind} ${name} in namespace ${own.namespace} exists already, and belongs to release ${owner}`,
    { owner: { name: owner, namespace } },
  );
}

/** The object with Helm's marks; annotations of others stay. */
export function marked(
  { object, apiVersion, kind }: ManifestDocument,
  { namespace, name }: { namespace: string; name: string },
  kept: Readonly<Record<string, string>>,
): JsonObject {
  const metadata = object['metadata'] as JsonObject;
  return {
    ...object,
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      namespace,
      labels: { ...(metadata['labels'] as JsonObject | undefined), 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...kept,
        ...(metadata['annotations'] as JsonObject | undefined),
        [RELEASE_NAME]: name,
        [RELEASE_NAMESPACE]: namespace,
      },
    },
  };
}

/** Refuses a change of a release while an operation on it is under way, or was killed. */
export function refuseLocked({ name, status, revision }: HelmRelease): void {
  if (isPending(status) || isUninstalling(status)) {
    throw problem('RELEASE_LOCKED', `release ${name} is locked: revision ${revision} is ${status}`, {
      revision,
      status,
    });
  }
}
