import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folderChart } from '../harness/charts/chart-builder.ts';
import { foreignChart } from '../harness/charts/charts.ts';
import { commonLibrary } from '../harness/charts/common-library.ts';
import { createHelmCli, type HelmCli } from '../harness/programs/helm-cli.ts';
import { residentMi } from '../harness/resident-memory.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type BenchParts, startBenchParts } from './bench-parts.ts';

/** Sandbox, server and helm, with Helm's starter chart ready to be installed by both. */
export interface BenchWorld extends Pick<BenchParts, 'api' | 'sandboxReadyMs' | 'serverReadyMs' | 'close'> {
  namespace: string;
  /** Packed starter chart: its bytes for the API, its file for helm. */
  chart: { bytes: Buffer; file: string };
  /** The jsonnet chart zookeeper-6.1.0; absent where the folder beside the checkout does not hold it. */
  jsonnetChart?: Buffer;
  helm: HelmCli;
  /** Resident memory in Mi, now. */
  memoryMi(): { server: number; engine: number };
}

export async function createBenchWorld(): Promise<BenchWorld> {
  const library = commonLibrary();
  const flags = library === undefined ? [] : [`--jsonnet-config-common-template-files-path=${library.folder}`];
  const { kubeconfig, kube, server, ...parts } = await startBenchParts(flags, [() => library?.close()]);
  const helm = createHelmCli(kubeconfig);
  const close = async (): Promise<void> => {
    helm.close();
    await parts.close();
  };
  try {
    const zookeeper = library && foreignChart('zookeeper-6.1.0');
    return {
      ...parts,
      namespace: await createNamespace(kube, 'bench'),
      ...(zookeeper !== undefined && { jsonnetChart: readFileSync(zookeeper) }),
      chart: await starterChart(helm),
      helm,
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
