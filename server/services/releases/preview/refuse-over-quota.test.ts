import { expect, test } from 'vitest';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import type { NamespaceLimitsFacts } from '../../../ports/cluster/namespace-limits.ts';
import { createRefuseOverQuota } from './refuse-over-quota.ts';

const quota = { metadata: { name: 'tight' }, spec: { hard: { 'count/configmaps': '1' } }, status: { used: {} } };

function document(name: string, namespace = 'shop'): ManifestDocument {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
  return { index: 0, source: 'web/templates/x.yaml', apiVersion: 'v1', kind: 'ConfigMap', namespace, name, object };
}

function refusing(facts: NamespaceLimitsFacts | null) {
  return createRefuseOverQuota({
    limits: {
      read: (_caller, namespace) => Promise.resolve(namespace === 'shop' ? facts : { quotas: [], limitRanges: [] }),
      defaults: () => Promise.resolve({ overheads: new Map(), priorityClass: '', storageClass: '' }),
    },
    engine: {
      listResources: () =>
        Promise.resolve([
          { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] },
        ]),
    },
  });
}

test('the first object beyond a quota is named, and what is there already does not count', async () => {
  const refuse = refusing({ quotas: [quota], limitRanges: [] });
  const made = ['a', 'b', 'c'].map((name) => document(name));
  await expect(refuse({ made, there: [] }, null, {})).rejects.toMatchObject({
    code: 'QUOTA_EXCEEDED',
    details: { quota: 'tight', resource: 'count/configmaps', object: { kind: 'ConfigMap', name: 'b' } },
  });
  await refuse({ made, there: made.slice(1) }, null, {});
  await refuse({ made: made.map(({ name }) => document(name, 'elsewhere')), there: [] }, null, {});
});

test('quotas that the caller may not list are left to the cluster', async () => {
  const made = ['a', 'b'].map((name) => document(name));
  await expect(refusing(null)({ made, there: [] }, null, {})).resolves.toBeUndefined();
});
