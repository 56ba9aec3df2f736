import { afterAll, beforeAll, inject } from 'vitest';
import { openGate } from '../../../../test/harness/fakes/open-gate.ts';
import { createKubeClient, type KubeClient } from '../../../../test/harness/clients/kube-client.ts';
import { createNamespace } from '../../../../test/harness/clients/test-namespace.ts';
import { rolloutMarksConformance } from '../../../ports/storage/rollout-marks.conformance.ts';
import { systemClock } from '../../system/system-clock.ts';
import { fenceKube } from '../client/fenced-kube.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createLiveObjects, type KubeLiveObjects } from '../objects/live-objects.ts';
import { installReleaseConfigCrd } from './release-config-crd.ts';
import { createKubeRolloutMarks } from './rollout-marks.ts';

const stop = new AbortController();
let kube: KubeApi;
let client: KubeClient;
let live: KubeLiveObjects;
let opened = 0;

beforeAll(async () => {
  const { kubeconfig } = inject('sandbox');
  kube = createKubeApi({ kubeconfig });
  client = createKubeClient(kubeconfig);
  await installReleaseConfigCrd({ kube, clock: systemClock }, new AbortController().signal);
  live = createLiveObjects({ scope: [], kube, clock: systemClock, random: Math.random });
  void live.run(stop.signal);
  await live.synced;
});
afterAll(() => {
  stop.abort();
  kube.close();
  client.close();
});

rolloutMarksConformance('the API server', async () => {
  opened += 1;
  const namespace = await createNamespace(client, `rollout-marks-${opened}`);
  await client.create(`/apis/apiextensions.transwarp.io/v1beta1/namespaces/${namespace}/releaseconfigs`, {
    apiVersion: 'apiextensions.transwarp.io/v1beta1',
    kind: 'ReleaseConfig',
    metadata: { name: 'web' },
    spec: {},
  });
  return {
    marks: openGate('rolloutMarks', createKubeRolloutMarks({ kube: fenceKube(kube), live })),
    key: `${namespace}/web`,
  };
});
