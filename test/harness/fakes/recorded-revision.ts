import type { JsonObject } from '../../../server/domain/json/json.ts';
import { NO_SEAL } from '../../../server/domain/seals/seal-state.ts';
import type { HelmRelease } from '../../../server/ports/helm/helm-release.ts';

/** A ReleaseConfig as Walm writes it, for the release `demo/web`. */
export function releaseConfig(spec: JsonObject): JsonObject {
  return {
    apiVersion: 'apiextensions.transwarp.io/v1beta1',
    kind: 'ReleaseConfig',
    metadata: { name: 'web', namespace: 'demo', annotations: { 'walm.io/facts': 'v1' } },
    spec,
  };
}

/** Revision 1 of the release `demo/web`, deployed, with one Deployment and the given additions. */
export function recordedRevision(given: Partial<HelmRelease> = {}, replicas = 1): HelmRelease {
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'web' };
  const config = {
    apiVersion: 'apiextensions.transwarp.io/v1beta1',
    kind: 'ReleaseConfig',
    namespace: 'demo',
    name: 'web',
  };
  const template = { index: 0, source: 'web/templates/web.yaml' };
  return {
    name: 'web',
    namespace: 'demo',
    revision: 1,
    status: 'deployed',
    chartName: 'web',
    chartVersion: '1.0.0',
    appVersion: '7',
    updated: '2026-03-01T00:00:00Z',
    firstDeployed: '2026-01-01T00:00:00Z',
    description: 'Install complete',
    labels: {},
    config: {},
    computedValues: {},
    manifest: '',
    hooks: [],
    notes: 'Thank you',
    chartMetadata: {},
    objects: [
      { ...template, ...deployment, object: { spec: { replicas } } },
      ...(given.releaseConfig ? [{ ...template, ...config, index: 1, object: given.releaseConfig }] : []),
    ],
    releaseConfig: null,
    schemas: [],
    metaFiles: {},
    seal: given.releaseConfig ? { sealed: true, by: null, at: '2026-03-01T00:00:00Z', operation: 'install' } : NO_SEAL,
    warnings: [],
    ...given,
  };
}
