import { problemOf } from '../../server/adapters/kube/client/problem-of.ts';
import type { createMemoryCharts } from '../../server/adapters/memory/helm-charts.ts';
import { ProblemError } from '../../server/domain/errors/problem-error.ts';
import type { JsonObject } from '../../server/domain/json/json.ts';
import { readReleaseFacts } from '../../server/domain/release/release-facts.ts';
import { NO_SEAL, type SealState } from '../../server/domain/seals/seal-state.ts';
import type { ReleaseTarget } from '../../server/ports/helm/engine-call.ts';
import type { InstallRequest, Sealing } from '../../server/ports/helm/helm-changes.ts';
import type { HelmRelease, HelmStatus, ManifestDocument } from '../../server/ports/helm/helm-release.ts';

/** A revision that is about to be recorded, sealed as its maker specifies, or in the name of the caller. */
export function newRevision(
  { namespace, name, identity }: ReleaseTarget,
  history: readonly HelmRelease[],
  made: Partial<HelmRelease>,
  { sealing, at }: { sealing: Sealing | undefined; at: string },
): HelmRelease {
  const status = made.status ?? 'pending-install';
  const by = sealing?.by === undefined ? identity : sealing.by;
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
    description: '',
    chartName: 'chart',
    chartVersion: '1.0.0',
    appVersion: '1',
    labels: {},
    config: {},
    computedValues: {},
    manifest: '',
    hooks: [],
    notes: '',
    chartMetadata: {},
    objects: [],
    releaseConfig: null,
    schemas: [],
    metaFiles: {},
    warnings: [],
    seal,
    ...made,
  };
}

/** Whether an operation on the revision is running, or was killed. */
export const isPending = (status: HelmStatus) => status.startsWith('pending-');
/** What identifies an object within a release. */
export const keyOf = ({ kind, name }: ManifestDocument) => `${kind}/${name}`;
/** The recorded reason of a revision. */
export const described = (description: string | undefined) => (description === undefined ? {} : { description });

/** Whether the result of a request is unknown. */
export function isUnsure(error: unknown): boolean {
  const found = problemOf(error, { kind: 'Release', name: '' });
  return found instanceof ProblemError && found.code === 'CLUSTER_UNREACHABLE';
}

/** State of the newest revision before a killed delete marked it. */
export function stateAfterRemoval(history: readonly HelmRelease[]): HelmStatus {
  return history.some(({ status }) => status === 'deployed') ? 'failed' : 'deployed';
}

/** The facts that a revision takes from its request and chart. */
export function factsOf(
  { values, labels, chart }: InstallRequest,
  charts: ReturnType<typeof createMemoryCharts>,
): Partial<HelmRelease> {
  const { name: chartName, version: chartVersion } = charts.get(chart);
  return { config: values, computedValues: values, chartName, chartVersion, labels: labels ?? {} };
}

/** As Helm marks everything that it applies; annotations of others stay. */
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
        'meta.helm.sh/release-name': name,
        'meta.helm.sh/release-namespace': namespace,
      },
    },
  };
}
