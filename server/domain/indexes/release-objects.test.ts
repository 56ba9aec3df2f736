import { describe, expect, it } from 'vitest';
import { kubeObject, picture } from '../../../test/harness/clients/kube-objects.ts';
import { asKubeObject } from '../kube/kube-object.ts';
import { createReleaseObjects } from './release-objects.ts';

const deployment = kubeObject('apps/v1', 'Deployment', 'web', {});
const ref = (kind: string, name: string, apiVersion = 'apps/v1') => ({ apiVersion, kind, namespace: 'demo', name });

function owned(kind: string, name: string, owner: ReturnType<typeof ref>, apiVersion = 'v1') {
  return asKubeObject({
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: 'demo',
      ownerReferences: [
        { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, uid: 'u', controller: true },
      ],
    },
  });
}

describe('the releases that an object matters to', () => {
  const objects = createReleaseObjects();
  objects.put('demo/app', [ref('Deployment', 'web'), ref('Service', 'web', 'v1'), ref('StatefulSet', 'my-db')]);
  objects.put('demo/other', [ref('Deployment', 'else')]);
  const replicaSet = owned('ReplicaSet', 'web-1', ref('Deployment', 'web'), 'apps/v1');
  const view = picture(deployment, replicaSet);
  const releasesOf = (object: Parameters<typeof objects.releasesOf>[0]) => [...objects.releasesOf(object, view)];

  it('are those whose manifest names it', () => {
    expect(releasesOf(deployment)).toEqual(['demo/app']);
  });

  it('are those of its owners, however far up', () => {
    expect(releasesOf(owned('Pod', 'web-1-x', ref('ReplicaSet', 'web-1')))).toEqual(['demo/app']);
  });

  it('are those of the Service that an EndpointSlice is of', () => {
    const slice = asKubeObject({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-abc', namespace: 'demo', labels: { 'kubernetes.io/service-name': 'web' } },
    });
    expect(releasesOf(slice)).toEqual(['demo/app']);
  });

  it('are those of the StatefulSet that a claim was made for', () => {
    expect(releasesOf(kubeObject('v1', 'PersistentVolumeClaim', 'data-my-db-0', {}))).toEqual(['demo/app']);
    expect(releasesOf(kubeObject('v1', 'PersistentVolumeClaim', 'data-db-0', {}))).toEqual([]);
  });

  it('are none once the release is forgotten', () => {
    const forgetful = createReleaseObjects();
    forgetful.put('demo/app', [ref('Deployment', 'web')]);
    forgetful.put('demo/app', []);
    expect([...forgetful.releasesOf(deployment, view)]).toEqual([]);
  });

  it('do not hang on owners that own each other', () => {
    const [a, b] = [
      owned('ReplicaSet', 'a', ref('ReplicaSet', 'b'), 'apps/v1'),
      owned('ReplicaSet', 'b', ref('ReplicaSet', 'a'), 'apps/v1'),
    ];
    expect([...objects.releasesOf(a, picture(a, b))]).toEqual([]);
  });
});
