import {
  runningPid,
  nodeCommand,
  startInBackground,
  stopInBackground,
  untilAnswers,
  succeeds,
} from './background-process.ts';
import { front, kafka, type Part, redis, replicas, soleServer } from './parts.ts';
import { choosePort } from './ports.ts';
import { startProgress } from './progress-line.ts';
import { startKafka, startRedis } from './services.ts';
import { serveCharts, startServers } from './walm.ts';

/** The address that the user sees, in both modes. */
const SERVER_PORT = 9999;
const FIRST_REPLICA_PORT = 9991;
/** A broker that starts empty has the complete state of the cluster after this time. */
export const RESEND_SEC = 60;

/** The parts that run in cluster mode. */
export interface WalmCluster {
  /** URL of the address in front of the servers. */
  front: string;
  /** Their URLs, in the order of `replicas`. */
  servers: readonly string[];
  redisPort: number;
  /** `host:port` of the broker. */
  broker: string;
}

/** Starts one server, without any service but the cluster; returns its URL. */
export async function startSingle(kubeconfig: string): Promise<string> {
  await stopParts([front, ...replicas, redis, kafka]);
  const [url = ''] = await startServers([soleServer], SERVER_PORT, { kubeconfig, charts: await serveCharts() });
  return url;
}

/** Starts three servers of one Walm with Redis and Kafka, and an address in front of them. */
export async function startCluster(kubeconfig: string): Promise<WalmCluster> {
  await stopParts([soleServer]);
  const redisPort = await startRedis();
  const broker = await startKafka();
  const charts = await serveCharts();
  const options = {
    redisConfig: { addr: `127.0.0.1:${redisPort}` },
    kafkaConfig: { enable: true, brokers: broker },
    events: { resendSec: RESEND_SEC },
  };
  const servers = await startServers(replicas, FIRST_REPLICA_PORT, { kubeconfig, charts, options });
  return { front: await startFront(servers), servers, redisPort, broker };
}

async function startFront(servers: readonly string[]): Promise<string> {
  const port = await choosePort(front, SERVER_PORT, 'server');
  const progress = startProgress(front.name);
  const url = `http://127.0.0.1:${port}`;
  await stopInBackground(front);
  startInBackground(front, nodeCommand(front.mark, `${port}`, ...servers.map((server) => new URL(server).port)));
  await untilAnswers(front, () => succeeds(`${url}/readiness`));
  progress.done(`hands ${url} to a server that is ready`);
  return url;
}

/** Stops the given parts that run, one after the other, and prints it. */
export async function stopParts(parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    if (runningPid(part) === undefined) continue;
    await stopInBackground(part);
    console.log(`stopped ${part.name}`);
  }
}
