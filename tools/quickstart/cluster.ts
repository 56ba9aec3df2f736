import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { binaryPath } from '../../test/harness/programs/binaries.ts';
import { createKubeClient } from '../../test/harness/clients/kube-client.ts';
import { runProgram } from '../../test/harness/programs/run-program.ts';
import { startProgress } from './progress-line.ts';
import { statePaths } from './state-folder.ts';

const START_TIMEOUT_MS = 180_000;

/** Version of the cluster of a kubeconfig, undefined if it does not answer. */
async function versionBehind(kubeconfig: string): Promise<string | undefined> {
  if (!existsSync(kubeconfig)) return undefined;
  const client = createKubeClient(kubeconfig);
  try {
    const { status, body } = await client.call('GET', '/version');
    return status === 200 ? String(body['gitVersion']) : undefined;
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}

/** Path of the user's own kubeconfig: the first file of KUBECONFIG, else the one in the home folder. */
async function ownCluster(): Promise<string> {
  const kubeconfig = process.env['KUBECONFIG']?.split(':')[0] || join(homedir(), '.kube/config');
  const progress = startProgress('cluster');
  const version = await versionBehind(kubeconfig);
  if (version === undefined) throw new Error(`CLUSTER=mine: no cluster answers behind ${kubeconfig}; set KUBECONFIG`);
  progress.done(`your own, Kubernetes ${version}`);
  return kubeconfig;
}

/** The sandbox's kubeconfig; starts the sandbox if it is not running. */
async function sandboxCluster(): Promise<string> {
  const kubeconfig = join(statePaths.sandbox, 'kubeconfig');
  const progress = startProgress('cluster');
  let version = await versionBehind(kubeconfig);
  const ran = version !== undefined;
  if (!ran) {
    progress.update('starting etcd, API server, controllers, scheduler and three nodes');
    const args = ['up', '--state', statePaths.sandbox, '--nodes', '3', '--detach'];
    await runProgram(binaryPath('walm-sandbox'), args, { timeoutMs: START_TIMEOUT_MS });
    version = await versionBehind(kubeconfig);
    if (version === undefined) throw new Error(`the sandbox started, and nothing answers behind ${kubeconfig}`);
  }
  progress.done(`sandbox ${ran ? 'runs already' : 'is ready'}, Kubernetes ${version}`);
  return kubeconfig;
}

/** Path of the kubeconfig to use, of a cluster that answers. */
export async function findCluster(choice: string | undefined): Promise<string> {
  if (choice === 'mine') return ownCluster();
  if (choice === undefined || choice === '') return sandboxCluster();
  throw new Error(`CLUSTER=${choice} is unknown: leave it out for the sandbox, or say CLUSTER=mine`);
}
