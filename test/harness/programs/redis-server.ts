import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis, type RedisOptions } from 'ioredis';

import { freePort } from './free-port.ts';
import { prepareRedis } from './redis-program.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** A Redis server of its own on loopback, without persistence: whoever kills it wipes it. */
export interface RedisServer extends Pick<ServerProcess, 'kill' | 'restart' | 'freeze' | 'wake'> {
  port: number;
  /** `127.0.0.1:port`. */
  address: string;
  /** A client for the test itself, to look and to damage. */
  client: Redis;
  /** Ends it and everything that belongs to it. */
  stop(): Promise<void>;
}

/** What a test asks of its Redis beyond the usual. */
export interface RedisServerOptions {
  /** Lines of its configuration, for the port that it got. */
  lines?: (port: number) => readonly string[];
  /** What the test's own client needs to be let in. */
  client?: Pick<RedisOptions, 'password' | 'tls'>;
}

/** Starts a server on a free port. */
export async function startRedisServer({ lines, client: login }: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'walm-redis-'));
  const port = await freePort();
  const command = await prepareRedis(folder, port, lines?.(port));
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => 50, ...login });
  // Tests take the server away: they see that by what they ask for.
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
