import { Admin } from '@platformatic/kafka';
import { Redis } from 'ioredis';

import { prepareKafka } from '../../test/harness/programs/kafka-program.ts';
import { prepareRedis } from '../../test/harness/programs/redis-program.ts';
import { runningPid, startInBackground, untilAnswers } from './background-process.ts';
import { kafka, redis } from './parts.ts';
import { choosePort } from './ports.ts';
import { startProgress } from './progress-line.ts';
import { statePaths } from './state-folder.ts';

const REDIS_PORT = 9994;
const KAFKA_PORT = 9995;
const CONTROLLER_PORT = 9996;

/** Does something with Redis and ends the connection. */
export async function withRedis<T>(port: number, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: null });
  // Errors are reported by the commands that fail.
  client.on('error', () => undefined);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

/** Starts Redis if it is not running; returns its port when it answers. */
export async function startRedis(): Promise<number> {
  const port = await choosePort(redis, REDIS_PORT);
  const progress = startProgress('redis');
  const ran = runningPid(redis) !== undefined;
  if (!ran) startInBackground(redis, await prepareRedis(statePaths.redis, port));
  await untilAnswers(redis, () => withRedis(port, async (client) => (await client.ping()) === 'PONG'));
  progress.done(`${ran ? 'runs already' : 'is ready'} at 127.0.0.1:${port}`);
  return port;
}

/** Starts a Kafka broker if none is running; returns its address when it accepts requests. */
export async function startKafka(): Promise<string> {
  const port = await choosePort(kafka, KAFKA_PORT);
  const controllerPort = await choosePort(kafka, CONTROLLER_PORT, 'kafka controller');
  const progress = startProgress('broker');
  const ran = runningPid(kafka) !== undefined;
  if (!ran) {
    progress.update('starting Kafka');
    startInBackground(kafka, await prepareKafka({ folder: statePaths.kafka, port, controllerPort }));
  }
  const address = `127.0.0.1:${port}`;
  await untilAnswers(kafka, () => answersTopics(address));
  progress.done(`${ran ? 'runs already' : 'is ready'} at ${address}`);
  return address;
}

async function answersTopics(address: string): Promise<boolean> {
  const admin = new Admin({ clientId: 'walm-quickstart', bootstrapBrokers: [address], retries: 0 });
  try {
    await admin.listTopics();
    return true;
  } finally {
    await admin.close();
  }
}
