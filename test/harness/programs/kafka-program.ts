import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runProgram } from './run-program.ts';

/** What a broker is to be. */
export interface KafkaPlan {
  /** Configuration and data; made where it is not there. One that an earlier broker left is taken as it is. */
  folder: string;
  /** Ports of 127.0.0.1: for clients, and for the controller's own business. */
  port: number;
  controllerPort: number;
  /** Server properties that are added, or say something else than the usual ones. */
  extra?: Readonly<Record<string, string>>;
  /** Logins as `MECHANISM=[name=…,password=…]`. */
  scram?: readonly string[];
}

const LIBS = fileURLToPath(new URL('../../../.cache/kafka/libs', import.meta.url));
const CLUSTER_ID = 'WalmLocalKafkaClusterA';
/** A start takes about 5 s on an idle machine. */
export const KAFKA_START_MS = 540_000;
/** What the broker prints when it accepts requests. */
export const KAFKA_STARTED = 'Kafka Server started';

/**
 * Prepares the folder of a broker, a KRaft cluster of one whose topics are made on first use with 3 partitions, and
 * returns the command that runs it.
 */
export async function prepareKafka(plan: KafkaPlan): Promise<{ file: string; args: string[] }> {
  if (!existsSync(LIBS)) throw new Error('Kafka is not there: run `make .cache/kafka/pom.xml`');
  const { folder, scram = [] } = plan;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'server.properties');
  await writeFile(file, properties(plan), { mode: 0o600 });
  const logins = scram.flatMap((login) => ['--add-scram', login]);
  const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', CLUSTER_ID, '-c', file, ...logins];
  await runProgram('java', ['-cp', `${LIBS}/*`, ...format], { timeoutMs: KAFKA_START_MS });
  const small = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  return { file: 'java', args: [...small, '-cp', `${LIBS}/*`, 'kafka.Kafka', file] };
}

function properties({ folder, port, controllerPort, extra }: KafkaPlan): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENTS://127.0.0.1:${port}`,
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'num.partitions': '3',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...extra,
  };
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}
