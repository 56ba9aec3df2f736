import { expect } from 'vitest';
import type { JsonObject } from '../../domain/json/json.ts';
import type { ManifestDocument } from '../../domain/kube/manifest-document.ts';
import type { ReleaseTarget } from './engine-call.ts';
import type { RewriteRequest, UpgradeRequest } from './helm-changes.ts';
import type { HelmCharts } from './helm-charts.ts';
import type { HelmReader } from './helm-reader.ts';
import type { HelmWriter } from './helm-writer.ts';
import type { HelmStatus } from '../../domain/revisions/helm-status.ts';

/** The verbs of Helm that change releases and read the result. */
type HelmOfReleases = HelmWriter &
  Omit<HelmReader, 'listReleases' | 'listResources' | 'mergeKeys' | 'render'> &
  Pick<HelmCharts, 'packRecordedChart'>;

/**
 * Helm under test. `web` is the digest of a chart `web` 1.2.3 that contains a Deployment with as many replicas as the
 * value says, none of them real, which the cluster refuses if the value is -1; a ConfigMap `<release>-data`; a
 * ConfigMap `<release>-kept` that its resource policy keeps; and the test hooks `<release>-late` and `<release>-early`,
 * of the weights 2 and 1.
 */
export type HelmUnderTest = {
  helm: HelmOfReleases;
  web: string;
  /** A release that does not exist yet, in an existing namespace. */
  target(): ReleaseTarget;
  /** Leaves a recorded revision in a state, like an operation that was killed half-way. */
  leave(target: ReleaseTarget, revision: number, status: HelmStatus): Promise<void>;
};

/** The documents of that chart, as twins that render by themselves make them of the user's values. */
export function renderWeb(release: string, { replicas = null }: JsonObject): ManifestDocument[] {
  function documentOf(kind: string, name: string, more: JsonObject, annotations: JsonObject = {}): ManifestDocument {
    const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
    const object = { apiVersion, kind, metadata: { name, annotations }, ...more };
    return { index: 0, source: 'web/templates/web.yaml', namespace: 'demo', apiVersion, kind, name, object };
  }
  const testHook = (name: string, weight: number) => ({
    ...documentOf('ConfigMap', name, {}),
    hook: { events: ['test'], weight, deletePolicies: [] },
  });
  return [
    documentOf('ConfigMap', `${release}-data`, { data: { text: 'x' } }),
    documentOf('ConfigMap', `${release}-kept`, {}, { 'helm.sh/resource-policy': 'keep' }),
    documentOf('Deployment', release, { spec: { replicas } }),
    testHook(`${release}-late`, 2),
    testHook(`${release}-early`, 1),
  ];
}

/** A ReleaseConfig as Walm writes it: a revision that contains one is sealed. */
export function configOf({ namespace, name }: ReleaseTarget, project: string): JsonObject {
  return {
    apiVersion: 'apiextensions.transwarp.io/v1beta1',
    kind: 'ReleaseConfig',
    metadata: { name, namespace, annotations: { 'walm.io/facts': 'v1' } },
    spec: { project },
  };
}

/** A release of Helm under test that does not exist yet, and operations on it. */
export function stageRelease({ helm, web, leave, target }: HelmUnderTest) {
  const at = target();
  const content = { ...at, chart: web, timeoutMs: 600_000, crds: 'create', maxHistory: 0 } as const;
  const rewriting = { ...at, timeoutMs: 600_000, maxHistory: 0, hooks: 'none', releaseConfig: null } as const;
  return {
    helm,
    at,
    install: (replicas: number, more: Partial<UpgradeRequest> = {}) =>
      helm.install({ ...content, values: { replicas }, ...more }),
    upgrade: (replicas: number, more: Partial<UpgradeRequest> = {}) =>
      helm.upgrade({ ...content, values: { replicas }, ...more }),
    rewrite: (more: Partial<RewriteRequest> = {}) => helm.rewriteRelease({ ...rewriting, ...more }),
    leave: (revision: number, status: HelmStatus) => leave(at, revision, status),
    history: async () => (await helm.releaseHistory(at)).map(({ revision, status }) => `${revision} ${status}`),
  };
}

export const withCode = (code: string, details: object = {}) => ({ code, details: expect.objectContaining(details) });

/** What a request for -1 replicas is refused with. */
export const refused = (work: Promise<unknown>) => expect(work).rejects.toMatchObject({ code: 'MANIFEST_INVALID' });

export const sorted = (texts: readonly string[]) => texts.toSorted((a, b) => (a < b ? -1 : 1));
