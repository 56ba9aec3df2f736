import type { RedisSettings } from '../../adapters/redis/redis-settings.ts';
import type { Config } from '../../config/config-options.ts';
import { readTlsFiles } from '../../config/tls-files.ts';
import type { Adapters } from './adapters.ts';

/** Longest delay between two attempts to connect to Redis. */
const MAX_BACKOFF_MS = 3_000;

/**
 * Redis, if `redisConfig.addr` is set; otherwise nothing of it is loaded. Throws for an invalid address, and if a file
 * that the configuration names cannot be read.
 */
export const createRedis: Adapters['sharedCache'] = async ({ redisConfig }, onError) => {
  const settings = redisSettings(redisConfig);
  if (settings === null) return null;
  const { createRedisSharedCache } = await import('../../adapters/redis/shared-cache.ts');
  return createRedisSharedCache(settings, onError);
};

/** The settings of Redis; null if it is not configured. */
function redisSettings(config: Config['redisConfig']): RedisSettings | null {
  const { addr, username, password, db, timeoutMs } = config;
  if (addr === '') {
    return null;
  }
  const { hostname, port } = parseAddress(addr);
  const tls = readTlsFiles(config, 'redisConfig');
  return {
    host: hostname,
    port,
    db,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls !== null && { tls }),
    connectTimeoutMs: timeoutMs,
    commandTimeoutMs: timeoutMs,
    maxBackoffMs: MAX_BACKOFF_MS,
  };
}

/** An address without a port gets the default port of Redis. */
function parseAddress(addr: string): { hostname: string; port: number } {
  const [, v6, name, port = '6379'] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(addr) ?? [];
  const hostname = v6 ?? name;
  if (hostname === undefined || Number(port) > 65_535) {
    throw new Error('redisConfig.addr: give host:port, as in redis.example.com:6379');
  }
  return { hostname, port: Number(port) };
}
