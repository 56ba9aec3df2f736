import { expect, test } from 'vitest';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage } from '../../../../test/harness/fakes/release-stage.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { createMasker } from '../../../domain/masking/masker.ts';
import type { NamespaceLimitsFacts } from '../../../ports/cluster/namespace-limits.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';
import { createEstimateRenderings } from './estimate-renderings.ts';
import { createEstimateResources } from './estimate-resources.ts';

function workload(kind: string, replicas: number): ManifestDocument {
  const resources = { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } };
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'a', resources }] },
  };
  const object = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template },
  };
  return { index: 0, source: '', apiVersion: 'apps/v1', kind, namespace: 'shop', name: 'web', object };
}

const quota = (hard: JsonObject, used: JsonObject): NamespaceLimitsFacts => ({
  quotas: [{ metadata: { name: 'budget' }, spec: { hard }, status: { hard, used } }],
  limitRanges: [],
});

function estimate(
  documents: ManifestDocument[],
  facts: NamespaceLimitsFacts | null,
  given: { existing?: HelmRelease; mayReadNodes?: boolean } = {},
) {
  const { archives } = createReleaseStage();
  const estimateResources = createEstimateResources({
    renderDryRun: () =>
      Promise.resolve({
        name: 'web',
        existing: given.existing ?? null,
        masker: createMasker([]),
        digest: 'd',
        chartVersion: '1.0.0',
        rendered: {
          manifest: '',
          documents,
          hooks: [],
          crds: [],
          removals: [],
          notes: '',
          computedValues: {},
          warnings: [],
        },
        outputs: {},
        originals: documents,
        warnings: [{ code: 'TEST', message: 'of the dry run' }],
      }),
    estimateRenderings: createEstimateRenderings({
      limits: {
        read: () => Promise.resolve(facts),
        nodes: () => Promise.resolve(given.mayReadNodes === false ? null : []),
        defaults: () => Promise.resolve({ overheads: new Map(), priorityClass: '', storageClass: '' }),
      },
      engine: { listResources: () => Promise.resolve([]) },
      folder: { read: () => Promise.resolve(Buffer.from('a chart')) },
      archives,
    }),
  });
  const input = { namespace: 'shop', request: { name: 'web' }, strict: false, caller: null, requestId: 'r' };
  return estimateResources(input, new AbortController().signal);
}

test('says what the pods ask for together, and that it fits into the quotas', async () => {
  const { totals, warnings } = await estimate(
    [workload('Deployment', 3)],
    quota({ 'requests.cpu': '4' }, { 'requests.cpu': '1' }),
  );
  expect(totals.quota).toMatchObject({ fits: true });
  expect(JSON.stringify(totals.total)).toContain('1.5');
  expect(warnings).toEqual([{ code: 'TEST', message: 'of the dry run' }]);
});

test('says what does not fit; what the release has already counts once', async () => {
  const hard = quota({ 'requests.cpu': '4' }, { 'requests.cpu': '3' });
  const three = [workload('Deployment', 3)];
  expect((await estimate(three, hard)).totals.quota).toMatchObject({ fits: false });
  const existing = recordedRevision({ namespace: 'shop', objects: three });
  expect((await estimate(three, hard, { existing })).totals.quota).toMatchObject({ fits: true });
});

test('counts the Secrets that Walm and Helm keep for it', async () => {
  const full = quota({ secrets: '5' }, { secrets: '4' });
  expect((await estimate([], full)).totals.quota).toMatchObject({ fits: false });
  expect((await estimate([], quota({ secrets: '6' }, { secrets: '4' }))).totals.quota).toMatchObject({ fits: true });
});

test('says what it cannot know: quotas that the caller may not read, nodes that Walm may not', async () => {
  const { warnings } = await estimate([workload('DaemonSet', 1)], null, { mayReadNodes: false });
  expect(warnings.map(({ code }) => code)).toEqual(['TEST', 'NODES_NOT_READABLE', 'QUOTAS_NOT_READABLE']);
});

test('says which amounts it does not count, because it cannot read them', async () => {
  const giant = workload('Deployment', 1);
  const containers = [{ name: 'main', resources: { requests: { cpu: '1e400' } } }];
  const object = { ...giant.object, spec: { replicas: 1, template: { spec: { containers } } } };
  const { totals, warnings } = await estimate([{ ...giant, object }], quota({ cpu: '1' }, { cpu: '0' }));
  expect(warnings[1]).toMatchObject({
    code: 'QUANTITY_NOT_COUNTED',
    path: 'spec.template.spec.containers[0].resources.requests.cpu',
    object: { kind: 'Deployment' },
  });
  expect(totals.total.requests.cpu).toBe(0);
});
