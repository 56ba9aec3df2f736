import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { uncountedQuantities } from './unreadable-quantities.ts';

const documentOf = (apiVersion: string, kind: string, spec: JsonObject) => ({
  index: 0,
  source: 'web/templates/x.yaml',
  apiVersion,
  kind,
  namespace: 'shop',
  name: 'web',
  object: { apiVersion, kind, metadata: { name: 'web' }, spec },
});

function fields(document: ReturnType<typeof documentOf>, original = document): (string | undefined)[] {
  return uncountedQuantities([document], [original]).map(({ path }) => path);
}

test('each amount that cannot be read is named, with its object, its file and what it says', () => {
  const resources = { requests: { memory: '1e400', cpu: '1' }, limits: { memory: true, 'example.com/x': '' } };
  const web = documentOf('apps/v1', 'StatefulSet', {
    replicas: '3',
    template: {
      spec: {
        overhead: { cpu: 'much' },
        resources: { limits: { cpu: {} } },
        containers: [{}, { resources }],
        initContainers: [{ resources: { requests: { cpu: null, memory: '64Mi' } } }],
        volumes: [
          { ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '1 Gi' } } } } } },
          { tosDisk: { capability: 'converted' } },
        ],
      },
    },
    volumeClaimTemplates: [{ spec: { resources: { requests: { storage: '9'.repeat(65) } } } }],
  });
  expect(fields(web)).toEqual([
    'spec.replicas',
    'spec.template.spec.resources.limits.cpu',
    'spec.template.spec.overhead.cpu',
    'spec.template.spec.containers[1].resources.requests.memory',
    'spec.template.spec.containers[1].resources.limits.memory',
    'spec.template.spec.containers[1].resources.limits.example.com/x',
    'spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests.storage',
    'spec.template.spec.volumes[1].tosDisk.capability',
    'spec.volumeClaimTemplates[0].spec.resources.requests.storage',
  ]);
  const asConverted = documentOf('apps/v1', 'StatefulSet', { template: { spec: {} } });
  expect(fields(asConverted, web)).toEqual(['spec.template.spec.volumes[1].tosDisk.capability']);
  expect(uncountedQuantities([web], [])[3]).toMatchObject({
    code: 'QUANTITY_NOT_COUNTED',
    message: expect.stringMatching(/memory of StatefulSet web is "1e400".*web\/templates\/x.yaml/) as string,
    object: { kind: 'StatefulSet', namespace: 'shop', name: 'web' },
  });
});

test.each<[string, string, JsonObject, string[]]>([
  [
    'v1',
    'Pod',
    { containers: [{ resources: { requests: { cpu: 'x' } } }] },
    ['spec.containers[0].resources.requests.cpu'],
  ],
  ['v1', 'PersistentVolumeClaim', { resources: { requests: { storage: 'x' } } }, ['spec.resources.requests.storage']],
  ['batch/v1', 'Job', { parallelism: -1, completions: 1.5, template: {} }, ['spec.parallelism', 'spec.completions']],
  ['batch/v1', 'Job', { parallelism: null, completions: 0 }, []],
  ['example.com/v1', 'Deployment', { replicas: 'x' }, []],
  ['v1', 'ConfigMap', { replicas: 'x' }, []],
])('of %s %s', (apiVersion, kind, spec, expected) => {
  expect(fields(documentOf(apiVersion, kind, spec))).toEqual(expected);
});
