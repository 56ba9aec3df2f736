import { afterEach, expect, test } from 'vitest';

import {
  answer,
  type Script,
  type ScriptedApiServer,
  startScriptedApiServer,
  statusBody,
} from '../../../../test/harness/fakes/scripted-api-server.ts';
import { systemClock } from '../../system/system-clock.ts';
import { createKubeApi } from '../client/kube-api.ts';
import { installReleaseConfigCrd } from './release-config-crd.ts';

let server: ScriptedApiServer | undefined;
afterEach(() => server?.close());

const forbidden: Script = (_request, response) =>
  answer(response, 403, statusBody(403, 'Forbidden', 'customresourcedefinitions is forbidden'));

async function install(...scripts: Script[]): Promise<void> {
  server = await startScriptedApiServer(...scripts);
  const kube = createKubeApi({ kubeconfig: server.kubeconfig });
  await installReleaseConfigCrd({ kube, clock: systemClock }, new AbortController().signal).finally(() => kube.close());
}

test('where definitions may not be read it is enough that the kind is served', async () => {
  await install(forbidden, (_request, response) => answer(response, 200, { resources: [{ name: 'releaseconfigs' }] }));
  expect(server?.requests.map(({ url }) => url.pathname)).toEqual([
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/releaseconfigs.apiextensions.transwarp.io',
    '/apis/apiextensions.transwarp.io/v1beta1',
  ]);
});

test('where it is not served either, it says who has to apply what', async () => {
  const absent: Script = (_request, response) => answer(response, 404, statusBody(404, 'NotFound'));
  await expect(install(forbidden, absent)).rejects.toThrow(
    'the cluster does not serve apiextensions.transwarp.io/v1beta1, and Walm may not define it: let an administrator apply deploy/releaseconfigs-crd.yaml',
  );
});
