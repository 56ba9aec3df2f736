import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { createKubeClient, type KubeClient } from '../../../../test/harness/clients/kube-client.ts';
import { eventually } from '../../../../test/harness/eventually.ts';
import { createNamespace } from '../../../../test/harness/clients/test-namespace.ts';
import { secretChangesConformance } from '../../../ports/cluster/secret-changes.conformance.ts';
import { systemClock } from '../../system/system-clock.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createKubeSecretChanges, type KubeSecretChanges } from './secret-changes.ts';

let kube: KubeApi;
let client: KubeClient;
let opened = 0;
let stop: AbortController;
let running: Promise<void>;

beforeAll(() => {
  const { kubeconfig } = inject('sandbox');
  kube = createKubeApi({ kubeconfig });
  client = createKubeClient(kubeconfig);
});
afterEach(async () => {
  stop.abort();
  await running;
});
afterAll(() => {
  kube.close();
  client.close();
});

function start(): KubeSecretChanges {
  stop = new AbortController();
  const changes = createKubeSecretChanges({ scope: [], kube, clock: systemClock, random: Math.random });
  running = changes.run(stop.signal);
  return changes;
}

async function openChanges() {
  opened += 1;
  const namespace = await createNamespace(client, `secret-changes-${opened}`);
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  let written = 0;
  return {
    changes: start(),
    namespace,
    async write(name: string) {
      written += 1;
      const stringData = { it: `${written}` };
      if ((await client.find(`${path}/${name}`)) === undefined) {
        await client.create(path, { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });
      } else {
        await client.call('PATCH', `${path}/${name}`, { stringData }, 'application/merge-patch+json');
      }
    },
    remove: (name: string) => client.remove(`${path}/${name}`),
  };
}

secretChangesConformance('the API server', openChanges);

test('nothing is watched while nothing is followed', async () => {
  const changes = start();
  expect(changes.watch()).toBeNull();
  changes.follow('web', ['shop/web']);
  await eventually(() => expect(changes.watch()?.heardAt).toBeGreaterThan(0));
  changes.follow('web', []);
  await eventually(() => expect(changes.watch()).toBeNull());
});
