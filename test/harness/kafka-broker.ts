import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from './free-port.ts';
import { runProgram } from './run-program.ts';

/** A Kafka broker of its own on loopback, a KRaft cluster of one. */
export interface KafkaBroker {
  /** `127.0.0.1:port`. */
  address: string;
  /** Ends it at once, as kill -9 does; what it had acknowledged stays on disk. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data; resolves when it takes requests. */
  restart(): Promise<void>;
  /** Freezes and wakes the process: connections stay open and nothing is answered. */
  freeze(): void;
  wake(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const LIBS = fileURLToPath(new URL('../../.cache/kafka/libs', import.meta.url));
/** A start is about 5 s on an idle machine. */
const START_TIMEOUT_MS = 90_000;
const CLUSTER_ID = 'WalmTestsKafkaClusterA';
const STARTED = 'Kafka Server started';

/**
 * Starts a broker on a free port. Topics are made on first use, with 3 partitions. `extra` are server properties; `scram`
 * are logins as `MECHANISM=[name=…,password=…]`.
 */
export async function startKafkaBroker(
  extra: Readonly<Record<string, string>> = {},
  scram: readonly string[] = [],
): Promise<KafkaBroker> {
  if (!existsSync(LIBS)) throw new Error('Kafka is not there: run `make .cache/kafka/pom.xml`');
  const folder = await mkdtemp(join(tmpdir(), 'walm-kafka-'));
  const port = await freePort();
  const file = join(folder, 'server.properties');
  await writeFile(file, properties(port, await freePort(), join(folder, 'data'), extra));
  const logins = scram.flatMap((login) => ['--add-scram', login]);
  const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file, ...logins];
  await runProgram('java', ['-cp', `${LIBS}/*`, ...format], { timeoutMs: START_TIMEOUT_MS });
  let child = await startProcess(file);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    address: `127.0.0.1:${port}`,
    kill,
    async restart() {
      child = await startProcess(file);
    },
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startProcess(file: string): Promise<ChildProcess> {
  const small = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const child = spawn('java', [...small, '-cp', `${LIBS}/*`, 'kafka.Kafka', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-20_000)));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!printed.includes(STARTED)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`Kafka did not start:\n${printed}`);
    }
    await delay(50);
  }
  return child;
}

function properties(port: number, controllerPort: number, data: string, extra: Readonly<Record<string, string>>) {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENTS://127.0.0.1:${port}`,
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
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
