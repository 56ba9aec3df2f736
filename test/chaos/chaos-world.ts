import { join } from 'node:path';

import { freePort } from '../harness/programs/free-port.ts';
import { createHelmCli, type HelmCli } from '../harness/programs/helm-cli.ts';
import { type KafkaBroker, startKafkaBroker } from '../harness/programs/kafka-broker.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { type RedisServer, startRedisServer } from '../harness/programs/redis-server.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import {
  kubeconfigPort,
  redirectKubeconfig,
  type StallingProxy,
  startStallingProxy,
} from '../harness/fakes/stalling-proxy.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';

/** One replica with connections of its own that can be cut: to the API server and to Redis. */
export interface Replica {
  name: string;
  /** The latest process; it may be dead. */
  server: WalmServer;
  api: WalmApi;
  kube: StallingProxy;
  redis: StallingProxy;
  /** Starts it again after it was killed. */
  restart(): Promise<void>;
}

/** Everything that a Walm of several replicas depends on; each part can be broken. */
export interface ChaosWorld {
  kube: KubeClient;
  helm: HelmCli;
  redis: RedisServer;
  broker: KafkaBroker;
  /** In front of the broker, for all replicas and readers: the broker sends its clients there. */
  kafka: StallingProxy;
  replicas: readonly Replica[];
  namespaces: readonly string[];
  stop(): Promise<void>;
}

const REPLICAS = ['one', 'two', 'three'];
const NAMESPACES = ['chaos-a', 'chaos-b'];
/** A short lease makes the leader change often. */
const FLAGS = [
  '--leadership-lease-sec=9',
  '--leadership-renew-sec=2',
  '--shutdown-sec=5',
  '--cache-resync-sec=5',
  '--events-resend-sec=30',
  '--redis-config-timeout-ms=500',
];

/** Starts a control plane, a Redis, a broker and three replicas. */
export async function startChaosWorld(): Promise<ChaosWorld> {
  const brokerPort = await freePort();
  const kafka = await startStallingProxy(brokerPort);
  const [{ handle, stop: stopSandbox }, broker, redis] = await Promise.all([
    startSandbox(),
    startKafkaBroker(await listeners(brokerPort, kafka.port)),
    startRedisServer(),
  ]);
  const kube = createKubeClient(handle.kubeconfig);
  const helm = createHelmCli(handle.kubeconfig);
  for (const namespace of NAMESPACES) await createNamespace(kube, namespace);
  const replicas: Replica[] = [];
  for (const name of REPLICAS) {
    replicas.push(await startReplica(name, handle.kubeconfig, join(helm.folder, name), redis.port, kafka.port));
  }
  return {
    kube,
    helm,
    redis,
    broker,
    kafka,
    replicas,
    namespaces: NAMESPACES,
    async stop() {
      await Promise.all(replicas.map(({ server }) => server.stop()));
      await Promise.all([kafka, ...replicas.flatMap((replica) => [replica.kube, replica.redis])].map((p) => p.close()));
      await broker.stop();
      await redis.stop();
      kube.close();
      helm.close();
      await stopSandbox();
    },
  };
}

/** The broker listens on one port, and tells its clients to come to the proxy's. */
async function listeners(port: number, advertised: number): Promise<Record<string, string>> {
  const controller = await freePort();
  return {
    listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'advertised.listeners': `CLIENTS://127.0.0.1:${advertised}`,
  };
}

async function startReplica(
  name: string,
  from: string,
  kubeconfig: string,
  redisPort: number,
  kafkaPort: number,
): Promise<Replica> {
  const kube = await startStallingProxy(kubeconfigPort(from));
  const redis = await startStallingProxy(redisPort);
  redirectKubeconfig(from, kubeconfig, kube.port);
  const options = {
    kubeconfig,
    // A busy machine starts slowly; that is not a finding.
    readyWithinMs: 600_000,
    flags: [
      ...FLAGS,
      `--instance-id=${name}`,
      `--redis-config-addr=127.0.0.1:${redis.port}`,
      '--kafka-config-enable=true',
      `--kafka-config-brokers=127.0.0.1:${kafkaPort}`,
    ],
  };
  const server = await startWalmServer(options);
  const replica: Replica = {
    name,
    server,
    api: createWalmApi(server.url),
    kube,
    redis,
    async restart() {
      replica.server = await startWalmServer({ ...options, after: replica.server });
    },
  };
  return replica;
}
