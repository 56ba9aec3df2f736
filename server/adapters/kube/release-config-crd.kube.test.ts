import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { createKubeApi, type KubeApi } from './kube-api.ts';
import { installReleaseConfigCrd } from './release-config-crd.ts';

const PATH = '/apis/apiextensions.transwarp.io/v1beta1/namespaces/default/releaseconfigs';
let kube: KubeApi;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});
afterAll(() => kube.close());

describe('installReleaseConfigCrd', () => {
  test('a ReleaseConfig of any content can be made right after it, and a second start changes nothing', async () => {
    await installReleaseConfigCrd({ kube, clock: systemClock }, AbortSignal.timeout(20_000));
    const crdPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/releaseconfigs.apiextensions.transwarp.io';
    const before = await kube.get(crdPath);
    await installReleaseConfigCrd({ kube, clock: systemClock }, AbortSignal.timeout(20_000));
    expect((await kube.get(crdPath)).metadata.resourceVersion).toBe(before.metadata.resourceVersion);

    const spec = { configValues: { deep: { list: [1, { a: null }] } }, outputConfig: {}, unheardOf: 'kept' };
    await kube.create(PATH, {
      apiVersion: 'apiextensions.transwarp.io/v1beta1',
      kind: 'ReleaseConfig',
      metadata: { name: 'any' },
      spec,
    });
    const kept = await kube.get(`${PATH}/any`);
    await kube.remove(`${PATH}/any`);
    expect(kept.spec).toEqual(spec);
  });
});
