import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis, type RedisOptions } from 'ioredis';

import { freePort } from './free-port.ts';
import { prepareRedis } from './redis-program.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** A Redis server of its own on loopback, without persistence: a kill loses its content. */
export interface RedisServer extends Pick<ServerProcess, 'kill' | 'restart' | 'freeze' | 'wake'> {
  port: number;
  /** `127.0.0.1:port`. */
  address: string;
  /** A client for the test itself, to read and to damage data. */
  client: Redis;
  /** Ends the server and everything that belongs to it. */
  stop(): Promise<void>;
}

/** Settings of a test's Redis beyond the defaults. */
export interface RedisServerOptions {
  /** Lines of its configuration, for the port that it got. */
  lines?: (port: number) => readonly string[];
  /** Credentials of the test's own client. */
  client?: Pick<RedisOptions, 'password' | 'tls'>;
}

/** Starts a server on a free port. */
export async function startRedisServer({ lines, client: login }: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'walm-redis-'));
  const port = await freePort();
  const command = await prepareRedis(folder, port, lines?.(port));
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => 50, ...login });
  // Tests stop the server on purpose; they notice by their own checks.
  client.on('error', () => undefined);
  const server = await startServerProcess({
    name: 'redis-server',
    ...command,
    ready: async () => (await client.ping()) === 'PONG',
  }).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  return {
    ...server,
    port,
    address: `127.0.0.1:${port}`,
    client,
    async stop() {
      client.disconnect();
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
