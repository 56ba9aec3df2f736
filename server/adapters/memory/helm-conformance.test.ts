import type { JsonObject } from '../../domain/json/json.ts';
import { asNumber, valueAt } from '../../domain/json/json-reading.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ManifestDocument } from '../../domain/kube/manifest-document.ts';
import { helmConformance } from '../../ports/helm/helm-engine.conformance.ts';
import { createMemoryHelm } from './helm-releases.ts';
import { createManualClock } from './manual-clock.ts';

const DIGEST = 'a'.repeat(64);
let releases = 0;

helmConformance('memory', () => {
  releases += 1;
  const name = `release-${releases}`;
  const helm = createMemoryHelm(createManualClock());

  function documentOf(kind: string, own: string, more: JsonObject, annotations: JsonObject = {}): ManifestDocument {
    const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
    const object = { apiVersion, kind, metadata: { name: own, annotations }, ...more };
    return { index: 0, source: 'web/templates/web.yaml', namespace: 'demo', apiVersion, kind, name: own, object };
  }
  const testHook = (own: string, weight: number) => ({
    ...documentOf('ConfigMap', own, {}),
    hook: { events: ['test'], weight, deletePolicies: [] },
  });
  helm.chart(DIGEST, {
    name: 'web',
    version: '1.2.3',
    render: ({ replicas = null }) => [
      documentOf('ConfigMap', `${name}-data`, { data: { text: 'x' } }),
      documentOf('ConfigMap', `${name}-kept`, {}, { 'helm.sh/resource-policy': 'keep' }),
      documentOf('Deployment', name, { spec: { replicas } }),
      testHook(`${name}-late`, 2),
      testHook(`${name}-early`, 1),
    ],
  });
  helm.refuse(({ object }) =>
    asNumber(valueAt(object, 'spec', 'replicas')) < 0
      ? problem('MANIFEST_INVALID', 'so few there cannot be')
      : undefined,
  );
  helm.unserve('v1', 'Unheard');
  return {
    helm,
    web: DIGEST,
    target: () => ({ identity: null, namespace: 'demo', name }),
    leave: (target, revision, status) => Promise.resolve(helm.leave(target, revision, status)),
  };
});
