import { installExample } from './quickstart/application.ts';
import { findCluster } from './quickstart/cluster.ts';
import { startWalm } from './quickstart/walm.ts';

const NAMESPACE = 'demo';

/** What a person does next. */
function nextSteps(server: string, kubeconfig: string): string {
  return `
Walm runs, with ZooKeeper and Kafka in the namespace ${NAMESPACE}.

  API, to read and to try    ${server}/swagger-ui/

  what runs                  curl -s '${server}/api/v1/release'
  one application            curl -s ${server}/api/v1/release/${NAMESPACE}/name/kafka
  what an install would do   curl -s -H 'content-type: application/json' \\
                               -d @examples/requests/install-kafka.json \\
                               ${server}/api/v1/release/${NAMESPACE}/dryrun
  charts on offer            curl -s ${server}/api/v1/chart/examples/list

  Helm and kubectl see the same cluster:

    export KUBECONFIG=${kubeconfig}
    kubectl -n ${NAMESPACE} get pods
    helm list -n ${NAMESPACE}

  stop and remove it all     make quickstart-down
`;
}

try {
  const kubeconfig = await findCluster(process.env['CLUSTER']);
  const server = await startWalm(kubeconfig);
  await installExample(server, NAMESPACE, 'zookeeper');
  await installExample(server, NAMESPACE, 'kafka');
  console.log(nextSteps(server, kubeconfig));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
