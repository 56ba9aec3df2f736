import { installExample } from './quickstart/application.ts';
import { findCluster } from './quickstart/cluster.ts';
import { installWalmctl } from './quickstart/install-walmctl.ts';
import { startCluster, startSingle } from './quickstart/modes.ts';
import { clusterSteps, nextSteps } from './quickstart/next-steps.ts';
import { showServices } from './quickstart/show-services.ts';

const NAMESPACE = 'demo';

async function single(kubeconfig: string): Promise<string> {
  const server = await startSingle(kubeconfig);
  await installExample(server, NAMESPACE, 'zookeeper');
  await installExample(server, NAMESPACE, 'kafka');
  return nextSteps(server, kubeconfig, NAMESPACE);
}

async function cluster(kubeconfig: string): Promise<string> {
  const walm = await startCluster(kubeconfig);
  const [first = walm.front, second = walm.front, third = walm.front] = walm.servers;
  await installExample(first, NAMESPACE, 'zookeeper', second);
  await installExample(second, NAMESPACE, 'kafka', third);
  await showServices(walm, [`${NAMESPACE}/zookeeper`, `${NAMESPACE}/kafka`]);
  return clusterSteps(walm, kubeconfig, NAMESPACE);
}

function chooseMode(mode: string | undefined): typeof single {
  if (mode === undefined || mode === '') return single;
  if (mode === 'cluster') return cluster;
  throw new Error(`MODE=${mode} is unknown: leave it out for one server, or say MODE=cluster`);
}

try {
  const mode = chooseMode(process.env['MODE']);
  await installWalmctl();
  console.log(await mode(await findCluster(process.env['CLUSTER'])));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
