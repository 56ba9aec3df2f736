import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { manifestDocument, manifestDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import type { JsonObject } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { convertDocuments } from './convert-documents.ts';

/** A current cluster: it serves stable versions only. */
const served = (apiVersion: string): boolean => /(^|\/)v\d+$/.test(apiVersion);
const old = manifestDocuments(
  readFileSync(new URL('../../../test/fixtures/old-objects.yaml', import.meta.url), 'utf8'),
);
const { changed, warnings } = convertDocuments(old, served);

function converted(kind: string, name: string): JsonObject {
  const document = old.find((each) => each.kind === kind && each.name === name);
  const object = changed.find(({ index }) => index === document?.index)?.object;
  if (!object) {
    throw new Error(`${kind} ${name} was not converted`);
  }
  return object;
}

function refusal(object: JsonObject): ProblemError {
  try {
    convertDocuments([manifestDocument(object)], served);
  } catch (error) {
    if (error instanceof ProblemError) {
      return error;
    }
    throw error;
  }
  throw new Error('the object was converted');
}

describe('convertDocuments', () => {
  test('every object is brought to a version that is served, with a warning that names it', () => {
    expect(changed.map(({ object }) => object?.['apiVersion']).filter((each) => !served(asString(each)))).toEqual([]);
    expect(changed).toHaveLength(old.length);
    expect(warnings).toHaveLength(old.length);
    expect(warnings[0]).toEqual({
      code: 'API_VERSION_CONVERTED',
      message: 'Deployment web: the cluster no longer serves extensions/v1beta1, it was converted to apps/v1',
      object: { apiVersion: 'extensions/v1beta1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    });
  });

  test('served kinds and foreign kinds are left unchanged', () => {
    const own = manifestDocument({ apiVersion: 'example.com/v1beta1', kind: 'Own', metadata: { name: 'a' } });
    expect(convertDocuments([own, ...old], () => true)).toEqual({ changed: [], added: [], warnings: [] });
    expect(convertDocuments([own], served)).toEqual({ changed: [], added: [], warnings: [] });
  });

  test('converting what was converted changes nothing', () => {
    const again = changed.map(({ object, index }) => manifestDocument(object ?? {}, index));
    expect(convertDocuments(again, served)).toEqual({ changed: [], added: [], warnings: [] });
  });

  test('the newest version that the cluster has is taken', () => {
    const hpa = old.filter(({ apiVersion }) => apiVersion === 'autoscaling/v2beta1');
    const older = convertDocuments(hpa, (apiVersion) => apiVersion === 'autoscaling/v2beta2');
    expect(older.changed[0]?.object?.['apiVersion']).toBe('autoscaling/v2beta2');
    expect(convertDocuments(hpa, () => false).changed).toEqual([]);
  });

  test('a workload says what its version assumed', () => {
    expect(converted('Deployment', 'web')['spec']).toMatchObject({
      selector: { matchLabels: { app: 'web' } },
      progressDeadlineSeconds: 2147483647,
      revisionHistoryLimit: 2147483647,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
    });
    expect(converted('Deployment', 'web')['spec']).not.toHaveProperty('rollbackTo');
    expect(converted('Deployment', 'api')['spec']).toMatchObject({ revisionHistoryLimit: 2 });
    expect(converted('DaemonSet', 'agent')['spec']).toMatchObject({
      selector: { matchLabels: { app: 'agent' } },
      updateStrategy: { type: 'OnDelete' },
    });
    expect(converted('DaemonSet', 'agent')['spec']).not.toHaveProperty('templateGeneration');
    expect(converted('StatefulSet', 'db')['spec']).toMatchObject({ updateStrategy: { type: 'OnDelete' } });
    expect(converted('Deployment', 'shop')['spec']).toEqual({
      selector: { matchLabels: { app: 'shop' } },
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels: { app: 'shop', tier: 'front' } },
        spec: { containers: [{ name: 'shop', image: 'nginx' }] },
      },
    });
  });

  test('an ingress gets its new backends and a path type', () => {
    expect(converted('Ingress', 'web')['spec']).toEqual({
      defaultBackend: { service: { name: 'fallback', port: { name: 'http' } } },
      rules: [
        {
          host: 'web.example',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'ImplementationSpecific',
                backend: { service: { name: 'web', port: { number: 80 } } },
              },
              { path: '/api', pathType: 'Prefix', backend: { service: { name: 'api', port: { number: 8080 } } } },
            ],
          },
        },
      ],
    });
  });

  test('an empty selector of a disruption budget keeps choosing no pod', () => {
    expect(converted('PodDisruptionBudget', 'none')['spec']).toEqual({ minAvailable: 1 });
  });

  test('an autoscaler gets targets, and finds the workload in its new version', () => {
    expect(converted('HorizontalPodAutoscaler', 'web')['spec']).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100Mi' } } },
        { type: 'Pods', pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '10' } } },
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'web' },
            metric: { name: 'hits' },
            target: { type: 'Value', value: '1k' },
          },
        },
        {
          type: 'External',
          external: {
            metric: { name: 'queue', selector: { matchLabels: { q: 'a' } } },
            target: { type: 'Value', value: '30' },
          },
        },
      ],
    });
  });

  test('an autoscaler of a served version follows a workload that was converted', () => {
    const scaler = manifestDocument({
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'extensions/v1beta1', kind: 'Deployment', name: 'web' } },
    });
    expect(convertDocuments([scaler], served).changed[0]?.object?.['spec']).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1' },
    });
  });

  test('subjects, webhooks, slices, levels and runtimes change their shape', () => {
    expect(converted('RoleBinding', 'reader')['subjects']).toEqual([
      { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:authenticated' },
      { kind: 'User', name: 'alice', apiGroup: 'rbac.authorization.k8s.io' },
      { kind: 'ServiceAccount', name: 'default', namespace: 'shop' },
    ]);
    expect(converted('ValidatingWebhookConfiguration', 'old-guard')['webhooks']).toMatchObject([
      { admissionReviewVersions: ['v1beta1'], failurePolicy: 'Ignore', matchPolicy: 'Exact', timeoutSeconds: 30 },
    ]);
    expect(converted('EndpointSlice', 'web')['endpoints']).toEqual([
      { addresses: ['10.0.0.1'], nodeName: 'node-1', zone: 'a' },
    ]);
    expect(converted('PriorityLevelConfiguration', 'old-level')['spec']).toMatchObject({
      limited: { nominalConcurrencyShares: 7 },
    });
    expect(converted('RuntimeClass', 'old-runtime')).toMatchObject({ handler: 'runsc' });
    expect(converted('CertificateSigningRequest', 'old-csr')['spec']).toMatchObject({
      usages: ['digital signature', 'key encipherment'],
    });
  });

  test('a definition gets a structural schema per version', () => {
    const keep = { 'x-kubernetes-preserve-unknown-fields': true };
    expect(converted('CustomResourceDefinition', 'olds.example.com')['spec']).toEqual({
      group: 'example.com',
      names: { kind: 'Old', plural: 'olds' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              ...keep,
              properties: {
                spec: {
                  type: 'object',
                  ...keep,
                  oneOf: [{ required: ['size'] }, { required: ['port'] }],
                  properties: {
                    size: { type: 'integer', minimum: 1 },
                    port: { 'x-kubernetes-int-or-string': true },
                    free: keep,
                    tags: { type: 'array', items: keep },
                    labels: { type: 'object', additionalProperties: { type: 'string' } },
                    nested: {
                      type: 'object',
                      ...keep,
                      properties: {
                        list: {
                          type: 'array',
                          items: { type: 'object', ...keep, properties: { a: { type: 'string' } } },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      ],
    });
    const pruning = converted('CustomResourceDefinition', 'hooks.demo.k8s.io');
    expect(JSON.stringify(pruning)).not.toContain('preserve');
    expect(pruning['spec']).toMatchObject({
      conversion: {
        strategy: 'Webhook',
        webhook: { clientConfig: { url: 'https://convert.example.com/' }, conversionReviewVersions: ['v1beta1'] },
      },
    });
  });

  test.each([
    ['a pod security policy', { apiVersion: 'policy/v1beta1', kind: 'PodSecurityPolicy' }, 'pod security policies'],
    [
      'a webhook that does not tell its side effects',
      {
        apiVersion: 'admissionregistration.k8s.io/v1beta1',
        kind: 'MutatingWebhookConfiguration',
        webhooks: [{ name: 'a.example.com' }],
      },
      'a.example.com',
    ],
    [
      'a signing request without signer',
      { apiVersion: 'certificates.k8s.io/v1beta1', kind: 'CertificateSigningRequest', spec: {} },
      'signerName',
    ],
    [
      'a workload without selector and labels',
      { apiVersion: 'extensions/v1beta1', kind: 'Deployment', spec: { template: { spec: {} } } },
      'selector',
    ],
    [
      'a definition without version',
      { apiVersion: 'apiextensions.k8s.io/v1beta1', kind: 'CustomResourceDefinition', spec: {} },
      'version',
    ],
  ])('%s is refused, by name and with the reason', (_, object, reason) => {
    const error = refusal({ ...object, metadata: { name: 'odd' } });
    expect(error.code).toBe('API_NOT_CONVERTIBLE');
    expect(error.status).toBe(422);
    expect(error.message).toContain(`${object.kind} odd`);
    expect(error.message).toContain(object.apiVersion);
    expect(error.message).toContain(reason);
    expect(error.object).toMatchObject({ kind: object.kind, name: 'odd' });
  });
});
