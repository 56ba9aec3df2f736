import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { convertTransform } from './convert-transform.ts';

function document(index: number, apiVersion: string, kind: string, content: JsonObject = {}): ManifestDocument {
  const object = { apiVersion, kind, metadata: { name: 'web' }, ...content };
  return { index, source: 'web/a.yaml', apiVersion, kind, namespace: 'shop', name: 'web', object };
}

const served = (apiVersion: string) => ['v1', 'apps/v1', 'networking.k8s.io/v1'].includes(apiVersion);
const applied = { recorded: true, compared: false, served };
const compared = { recorded: true, compared: true, served };
const gone = document(0, 'policy/v1beta1', 'PodSecurityPolicy');

test('what will be applied has to be convertible, what is compared with does not', () => {
  expect(() => convertTransform([gone], applied)).toThrow(expect.objectContaining({ code: 'API_NOT_CONVERTIBLE' }));
  const deployment = document(1, 'apps/v1beta1', 'Deployment', {
    spec: { template: { metadata: { labels: { a: 'b' } } } },
  });
  const changes = convertTransform([gone, deployment], compared);
  expect(changes.changed).toMatchObject([{ index: 1, object: { apiVersion: 'apps/v1', kind: 'Deployment' } }]);
  expect(changes).toMatchObject({ added: [], warnings: [{ code: 'API_VERSION_CONVERTED' }] });
});
