import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { folderChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { residentMi } from '../harness/resident-memory.ts';
import { asQuickAsBefore } from '../harness/timing/as-quick-as-before.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

const { kubeconfig, starter } = inject('surroundings');
const namespace = 'streams';
const STREAMS = 1_000;

let kube: KubeClient;
let server: WalmServer;
let api: WalmApi;
const closing = new AbortController();

beforeAll(async () => {
  kube = createKubeClient(kubeconfig);
  await createNamespace(kube, namespace);
  server = await startWalmServer({ kubeconfig, flags: ['--kubernetes-system-namespace=walm-streams'] });
  api = createWalmApi(server.url);
});

afterAll(async () => {
  closing.abort();
  await server?.stop();
  kube?.close();
});

/** Reads a stream until it reports the release; the stream stays open. */
async function hears(release: string, opened: () => void): Promise<void> {
  const url = `${server.url}/api/v1/events?namespace=${namespace}&type=release`;
  const { body } = await fetch(url, { signal: closing.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let isOpen = false;
  while (!text.includes(`"name":"${release}"`)) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) throw new Error('the stream ended');
    text += chunk.value;
    if (!isOpen) {
      isOpen = true;
      opened();
    }
  }
}

test('a thousand streams receive every event and slow nothing down', async () => {
  const listsAreAsQuick = await asQuickAsBefore(() => api.list(namespace));
  const memory = residentMi(server.pid);
  const allOpen = Promise.withResolvers<void>();
  let open = 0;
  const heard = Array.from({ length: STREAMS }, () =>
    hears('told', () => {
      open += 1;
      if (open === STREAMS) allOpen.resolve();
    }),
  );
  await Promise.race([allOpen.promise, Promise.all(heard)]);
  expect(await listsAreAsQuick()).toBe(true);
  await api.mustInstall({ namespace, body: { name: 'told' }, archive: folderChart(starter).bytes });
  await Promise.all(heard);
  expect(await listsAreAsQuick()).toBe(true);
  expect(residentMi(server.pid) - memory).toBeLessThan(300);
});
