import type { WalmCluster } from './modes.ts';

/** Commands to try next with one server. */
export function nextSteps(server: string, kubeconfig: string, namespace: string): string {
  return `
Walm runs, with ZooKeeper and Kafka in the namespace ${namespace}.

  API, to read and to try    ${server}/swagger-ui/

  the command line           bin/walmctl -s ${server} list -A
                             bin/walmctl -s ${server} -n ${namespace} status kafka
                             bin/walmctl --help

  what runs                  curl -s '${server}/api/v1/release'
  one application            curl -s ${server}/api/v1/release/${namespace}/name/kafka
  what an install would do   curl -s -H 'content-type: application/json' \\
                               -d @examples/requests/install-kafka.json \\
                               ${server}/api/v1/release/${namespace}/dryrun
  charts on offer            curl -s ${server}/api/v1/chart/examples/list

  Helm and kubectl see the same cluster:

    export KUBECONFIG=${kubeconfig}
    kubectl -n ${namespace} get pods
    helm list -n ${namespace}

  stop and remove it all     make quickstart-down
`;
}

/** Commands to try next with several servers: compare them, and stop one. */
export function clusterSteps(cluster: WalmCluster, kubeconfig: string, namespace: string): string {
  const { front, servers, redisPort, broker } = cluster;
  const ports = servers.map((server) => new URL(server).port).join(',');
  return `
Three servers run as one Walm, with ZooKeeper and Kafka in the namespace ${namespace}.

  API, to read and to try    ${front}/swagger-ui/, at a server that is ready
  walm-1, walm-2, walm-3     ${servers.join('  ')}

  every server knows it      curl -s '${servers.at(-1)}/api/v1/release/${namespace}?view=summary'
  copies in Redis            bin/redis-cli -p ${redisPort} HKEYS walm-releases
                             bin/redis-cli -p ${redisPort} HGET walm-releases ${namespace}/kafka
  events in Kafka            node_modules/.bin/node tools/quickstart/follow-topic.ts release-config ${broker}
    (they come until Ctrl-C) node_modules/.bin/node tools/quickstart/follow-topic.ts release-status ${broker}

  which server leads:

    leader() { curl -s 'http://127.0.0.1:{${ports}}/api/v1/status' | grep -B 5 '^ "leading": true' | grep -o 'walm-[0-9]'; }
    leader

  kill it in the middle of an install, and see another one lead within 20 seconds and finish the install:

    curl -s -o /dev/null -X POST '${front}/api/v1/release/${namespace}?async=true' -H 'content-type: application/json' \\
      -d '{"name": "spare", "repoName": "examples", "chartName": "zookeeper"}'
    kill -9 $(cat .walm/quickstart/$(leader).pid)
    until leader; do sleep 1; done
    until curl -s ${front}/api/v1/release/${namespace}/name/spare | grep '^ "ready": true'; do sleep 1; done

  start it again             make quickstart MODE=cluster

  Helm and kubectl see the same cluster, and who leads:

    export KUBECONFIG=${kubeconfig}
    kubectl -n walm-system get lease walm-leader
    helm list -n ${namespace}

  stop and remove it all     make quickstart-down
`;
}
