import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { packServer } from '../../tools/pack-server.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** What every measurement needs: a sandbox, and Walm on it, as it is built. */
export interface BenchParts {
  kubeconfig: string;
  kube: KubeClient;
  server: WalmServer;
  api: WalmApi;
  /** From `up --detach` to its return, in milliseconds. */
  sandboxReadyMs: number;
  /** From the start of the process to a 200 of /readiness, in milliseconds. */
  serverReadyMs: number;
  /** Stops what it started, and then what was started `beforehand`, last one first. */
  close(): Promise<void>;
}

/** Starts them, the server with these flags and repositories; when that fails everything is closed, `beforehand` too. */
export async function startBenchParts(
  flags: string[] = [],
  beforehand: readonly (() => Promise<unknown> | void)[] = [],
  repositories: readonly { name: string; url: string }[] = [],
): Promise<BenchParts> {
  const closers = [...beforehand];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const started = performance.now();
    const sandbox = await startSandbox(3, { audited: false });
    const sandboxReadyMs = performance.now() - started;
    closers.push(() => sandbox.stop());
    const { kubeconfig } = sandbox.handle;
    const kube = createKubeClient(kubeconfig);
    closers.push(() => kube.close());
    const { program } = await packServer();
    const serverStarted = performance.now();
    const server = await startWalmServer({ kubeconfig, flags, program, repositories: [...repositories] });
    const serverReadyMs = performance.now() - serverStarted;
    closers.push(() => server.stop());
    return { kubeconfig, kube, server, api: createWalmApi(server.url), sandboxReadyMs, serverReadyMs, close };
  } catch (failure) {
    await close();
    throw failure;
  }
}
