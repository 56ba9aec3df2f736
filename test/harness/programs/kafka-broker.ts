import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';
import { KAFKA_STARTED, KAFKA_START_MS, prepareKafka } from './kafka-program.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** A Kafka broker of its own on loopback. After a kill, everything it had acknowledged is still on disk. */
export interface KafkaBroker extends Pick<ServerProcess, 'kill' | 'restart' | 'freeze' | 'wake'> {
  /** `127.0.0.1:port`. */
  address: string;
  /** Ends the broker and removes its data. */
  stop(): Promise<void>;
}

/** Starts a broker on a free port; `extra` and `scram` as in `KafkaPlan`. */
export async function startKafkaBroker(
  extra: Readonly<Record<string, string>> = {},
  scram: readonly string[] = [],
): Promise<KafkaBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'walm-kafka-'));
  const port = await freePort();
  const command = await prepareKafka({ folder, port, controllerPort: await freePort(), extra, scram });
  const broker = await startServerProcess({
    name: 'Kafka',
    ...command,
    ready: (printed) => printed().includes(KAFKA_STARTED),
    readyWithinMs: KAFKA_START_MS,
  });
  return {
    ...broker,
    address: `127.0.0.1:${port}`,
    async stop() {
      await broker.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
