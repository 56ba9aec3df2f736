import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folderChart } from '../harness/chart-builder.ts';
import { foreignChart } from '../harness/charts.ts';
import { commonLibrary } from '../harness/common-library.ts';
import { createHelmCli, type HelmCli } from '../harness/helm-cli.ts';
import { createKubeClient } from '../harness/kube-client.ts';
import { residentMi } from '../harness/resident-memory.ts';
import { startSandbox } from '../harness/sandbox.ts';
import { createNamespace } from '../harness/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/walm-api.ts';
import { startWalmServer } from '../harness/walm-server.ts';

/** Sandbox, server and helm, with Helm's starter chart ready to be installed by both. */
export interface BenchWorld {
  namespace: string;
  /** Packed starter chart: its bytes for the API, its file for helm. */
  chart: { bytes: Buffer; file: string };
  /** The jsonnet chart zookeeper-6.1.0; absent where the folder beside the checkout does not hold it. */
  jsonnetChart?: Buffer;
  api: WalmApi;
  helm: HelmCli;
  /** From `up --detach` to its return, in milliseconds. */
  sandboxReadyMs: number;
  /** From the start of the process to a 200 of /readiness, in milliseconds. */
  serverReadyMs: number;
  /** Resident memory in Mi, now. */
  memoryMi(): { server: number; engine: number };
  close(): Promise<void>;
}

export async function createBenchWorld(): Promise<BenchWorld> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const started = performance.now();
    const sandbox = await startSandbox();
    const sandboxReadyMs = performance.now() - started;
    closers.push(() => sandbox.stop());
    const { kubeconfig } = sandbox.handle;

    const serverStarted = performance.now();
    const library = commonLibrary();
    if (library !== undefined) closers.push(() => library.close());
    const flags = library === undefined ? [] : [`--jsonnet-config-common-template-files-path=${library.folder}`];
    const server = await startWalmServer({ kubeconfig, flags });
    const serverReadyMs = performance.now() - serverStarted;
    closers.push(() => server.stop());

    const kube = createKubeClient(kubeconfig);
    closers.push(() => kube.close());
    const namespace = await createNamespace(kube, 'bench');
    const helm = createHelmCli(kubeconfig);
    closers.push(() => helm.close());
    const zookeeper = library && foreignChart('zookeeper-6.1.0');
    return {
      namespace,
      ...(zookeeper !== undefined && { jsonnetChart: readFileSync(zookeeper) }),
      chart: await starterChart(helm),
      api: createWalmApi(server.url),
      helm,
      sandboxReadyMs,
      serverReadyMs,
      memoryMi: () => ({ server: residentMi(server.pid), engine: residentMi(server.children()[0]) }),
      close,
    };
  } catch (failure) {
    await close();
    throw failure;
  }
}

async function starterChart(helm: HelmCli): Promise<BenchWorld['chart']> {
  await helm.run('create', 'starter');
  const { bytes } = folderChart(join(helm.folder, 'starter'));
  mkdirSync(join(helm.folder, 'packed'));
  const file = join(helm.folder, 'packed', 'starter.tgz');
  writeFileSync(file, bytes);
  return { bytes, file };
}
