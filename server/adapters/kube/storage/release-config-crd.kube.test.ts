import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { eventually } from '../../../../test/harness/eventually.ts';
import { asObject, asObjects, valueAt } from '../../../domain/json/json-reading.ts';
import { systemClock } from '../../system/system-clock.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { installReleaseConfigCrd } from './release-config-crd.ts';

const PATH = '/apis/apiextensions.transwarp.io/v1beta1/namespaces/default/releaseconfigs';
const CRD_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/releaseconfigs.apiextensions.transwarp.io';
let kube: KubeApi;

beforeAll(() => {
  kube = createKubeApi({ kubeconfig: inject('sandbox').kubeconfig });
});
afterAll(() => kube.close());

describe('installReleaseConfigCrd', () => {
  test('a ReleaseConfig of any content can be made right after it, and a second start changes nothing', async () => {
    await installReleaseConfigCrd({ kube, clock: systemClock }, new AbortController().signal);
    const before = await kube.get(CRD_PATH);
    await installReleaseConfigCrd({ kube, clock: systemClock }, new AbortController().signal);
    expect((await kube.get(CRD_PATH)).metadata.resourceVersion).toBe(before.metadata.resourceVersion);

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

  test('the definition of an earlier Walm is brought up to date, and what was applied before has one owner of its values', async () => {
    const signal = new AbortController().signal;
    await installReleaseConfigCrd({ kube, clock: systemClock }, signal);
    const found = await kube.get(CRD_PATH);
    const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const [version] = asObjects(valueAt(found.spec, 'versions'));
    const versions = [{ ...version, schema: { openAPIV3Schema: { type: 'object', properties: { spec: free } } } }];
    await kube.replace(CRD_PATH, { ...found, spec: { ...asObject(found.spec), versions } });
    const apply = (name: string, text: string) =>
      kube.apply(
        `${PATH}/${name}`,
        {
          apiVersion: 'apiextensions.transwarp.io/v1beta1',
          kind: 'ReleaseConfig',
          metadata: { name },
          spec: { configValues: { deep: { text, nothing: null } }, commonValues: null, chartName: 'web' },
        },
        { fieldManager: 'helm' },
        { signal },
      );
    const isOneField = async (name: string) => !(await kube.text(`${PATH}/${name}`)).includes('f:text');
    async function appliedUntil(isAsWanted: (name: string) => Promise<boolean>): Promise<string[]> {
      const made: string[] = [];
      await eventually(async () => {
        const { metadata } = await apply(`one-${(count += 1)}`, 'one');
        made.unshift(metadata.name);
        expect(await isAsWanted(metadata.name)).toBe(true);
      });
      return made;
    }
    let count = 0;
    // The API server takes a moment to serve a changed definition.
    const names = await appliedUntil(async (name) => !(await isOneField(name)));
    await installReleaseConfigCrd({ kube, clock: systemClock }, signal);
    names.push(...(await appliedUntil(isOneField)));
    const [earlier = ''] = names;
    const changed = await apply(earlier, 'two');
    expect(await isOneField(earlier)).toBe(true);
    await Promise.all(names.map((name) => kube.remove(`${PATH}/${name}`)));
    expect(valueAt(changed.spec, 'configValues')).toEqual({ deep: { text: 'two', nothing: null } });
  });
});
