import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { measureScale } from '../bench/measure-scale.ts';
import { folderChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { type SandboxHandle, startSandbox } from '../harness/programs/sandbox.ts';

/** The small version of what `make bench` measures; durations are checked there, on an idle machine. */
const SIZE = { releases: 500, revisions: 3, lists: 100, changes: 20 };

const { starter } = inject('surroundings');
let sandbox: { handle: SandboxHandle; stop: () => Promise<void> };
let kube: KubeClient;

// A cluster of its own, because no other server shall read these records.
beforeAll(async () => {
  sandbox = await startSandbox();
  kube = createKubeClient(sandbox.handle.kubeconfig);
});

afterAll(async () => {
  kube?.close();
  await sandbox?.stop();
});

test('hundreds of releases are served, listed and followed', async () => {
  const { kubeconfig } = sandbox.handle;
  const figures = await measureScale({ kubeconfig, kube, archive: folderChart(starter).bytes, flags: [], ...SIZE });
  expect(figures.serverMi + figures.engineMi).toBeLessThan(1_024);
});
