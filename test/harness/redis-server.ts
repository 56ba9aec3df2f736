import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Redis } from 'ioredis';

import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** A Redis server of its own on loopback, without persistence: whoever kills it wipes it. */
export interface RedisServer {
  port: number;
  /** `127.0.0.1:port`. */
  address: string;
  /** A client for the test itself, to look and to damage. */
  client: Redis;
  /** Ends it at once, as kill -9 does. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port; resolves when it answers. */
  restart(): Promise<void>;
  /** Freezes and wakes the process: connections stay open and nothing is answered. */
  freeze(): void;
  wake(): void;
  /** Ends it and everything that belongs to it. */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../../bin/redis-server', import.meta.url));

/** Starts a server on a free port; `lines` are added to its configuration, and `password` is the one they set. */
export async function startRedisServer(lines: readonly string[] = [], password?: string): Promise<RedisServer> {
  if (!existsSync(PROGRAM)) throw new Error('bin/redis-server is not there: run `make bin/redis-server`');
  const folder = await mkdtemp(join(tmpdir(), 'walm-redis-'));
  const port = await freePort();
  const file = join(folder, 'redis.conf');
  const own = [`port ${port}`, 'bind 127.0.0.1', 'save ""', 'appendonly no', `dir ${folder}`];
  await writeFile(file, [...own, ...lines, ''].join('\n'));
  const client = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: () => 50,
    ...(password !== undefined && { password }),
  });
  // Tests take the server away: they see that by what they ask for.
  client.on('error', () => undefined);

  const start = async (): Promise<ChildProcess> => {
    const started = spawn(PROGRAM, [file], { stdio: 'ignore' });
    await eventually(async () => {
      if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}`);
      await client.ping();
    });
    return started;
  };
  let child = await start();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    address: `127.0.0.1:${port}`,
    client,
    kill,
    async restart() {
      child = await start();
    },
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    async stop() {
      client.disconnect();
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
