import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createKubeClient, type KubeClient } from '../../../test/harness/clients/kube-client.ts';
import { manifestDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { asObject, asString } from '../json/json-reading.ts';
import { convertDocuments } from './convert-documents.ts';

const documents = manifestDocuments(
  readFileSync(new URL('../../../test/fixtures/old-objects.yaml', import.meta.url), 'utf8'),
);

type Groups = { groups: { versions: { groupVersion: string }[] }[] };
type Resources = { resources: { name: string; kind: string; namespaced: boolean }[] };

describe('converted objects', () => {
  let kube: KubeClient;
  const known = new Map<string, Resources['resources']>();
  beforeAll(async () => {
    kube = createKubeClient(inject('sandbox').kubeconfig);
    const { body } = await kube.call('GET', '/apis');
    for (const { groupVersion } of (body as unknown as Groups).groups.flatMap(({ versions }) => versions)) {
      const answer = await kube.call('GET', `/apis/${groupVersion}`);
      known.set(groupVersion, (answer.body as unknown as Resources).resources);
    }
  });
  afterAll(() => kube.close());
  const resourceOf = (apiVersion: string, kind: string) =>
    known.get(apiVersion)?.find((each) => each.kind === kind && !each.name.includes('/'));

  test('a current cluster accepts each of them, every field included', async () => {
    const { changed } = convertDocuments(documents, (apiVersion, kind) => resourceOf(apiVersion, kind) !== undefined);
    const refused: string[] = [];
    for (const { index, object } of changed) {
      const apiVersion = asString(object?.['apiVersion']);
      const kind = asString(object?.['kind']);
      const resource = resourceOf(apiVersion, kind);
      const name = resource?.name ?? '';
      const where = resource?.namespaced === true ? `/namespaces/default/${name}` : `/${name}`;
      const body = { ...object, metadata: { ...asObject(object?.['metadata']) } };
      const answer = await kube.call('POST', `/apis/${apiVersion}${where}?dryRun=All&fieldValidation=Strict`, body);
      // The certificate request is not a real one: that is checked after its fields.
      const fine =
        answer.status < 300 || (kind === 'CertificateSigningRequest' && /PEM/.test(JSON.stringify(answer.body)));
      if (!fine) {
        refused.push(`${kind} ${documents[index]?.name}: ${JSON.stringify(answer.body)}`);
      }
    }
    expect(changed.length).toBeGreaterThan(20);
    expect(refused).toEqual([]);
  });
});
