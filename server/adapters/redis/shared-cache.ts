import { isIP } from 'node:net';

import { Redis, ReplyError } from 'ioredis';

import { backoffMs } from '../../../contract/backoff.ts';
import { connectionProblem } from '../../domain/errors/connection-problem.ts';
import {
  MAX_SHARED_VALUE_BYTES,
  type SharedCache,
  SharedCacheDown,
  type SharedChanges,
  type SharedHash,
} from '../../ports/storage/shared-cache.ts';
import type { RedisSettings } from './redis-settings.ts';

/** Maximum fields of one command, and bytes of values that one command reads or writes. */
const FIELDS_AT_ONCE = 200;
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const INITIAL_BACKOFF_MS = 100;

/**
 * Hashes in Redis. Nothing is queued while Redis is unreachable: commands are refused at once. A response that does not
 * come in time closes the connection, so all others are refused until Redis has responded on a new one. `onError` is
 * called with the reason each time an attempt to connect fails.
 */
export function createRedisSharedCache(settings: RedisSettings, onError: (error: Error) => void): SharedCache {
  const { host, port, db, tls, maxBackoffMs } = settings;
  const redis = new Redis({
    host,
    port,
    db,
    ...(settings.username !== undefined && { username: settings.username }),
    ...(settings.password !== undefined && { password: settings.password }),
    ...(tls && {
      tls: {
        // An IP address has no server name.
        ...(isIP(host) === 0 && { servername: host }),
        rejectUnauthorized: tls.verify,
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
      },
    }),
    connectionName: 'walm',
    connectTimeout: settings.connectTimeoutMs,
    commandTimeout: settings.commandTimeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => backoffMs(attempt, { initialMs: INITIAL_BACKOFF_MS, maxMs: maxBackoffMs }),
  });
  const listeners = new Set<(up: boolean) => void>();
  const means = { tls: tls !== undefined, certificate: tls?.cert !== undefined };
  let up = false;
  let met = false;
  let closed = false;

  function setUp(now: boolean): void {
    if (up !== now) {
      up = now;
      listeners.forEach((listener) => listener(now));
    }
  }
  redis.on('ready', () => {
    met = true;
    setUp(!closed);
  });
  redis.on('close', () => setUp(false));
  redis.on('error', (error: Error) => {
    // A Redis that accepted the settings before is unreachable, not misconfigured. The error itself, which contains the
    // password if a login was refused, is not passed on.
    onError(new Error(met ? error.message : connectionProblem(error, means)));
  });

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    if (!up) {
      throw new SharedCacheDown('there is no connection to Redis');
    }
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ReplyError) && up) {
        setUp(false);
        redis.disconnect(true);
      }
      throw new SharedCacheDown(error instanceof Error ? error.message : String(error), error);
    }
  }

  /** `fallback` if the name is used by something that is not a hash. */
  async function ofHash<T>(work: () => Promise<T>, fallback: () => Promise<T> | T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('WRONGTYPE')) {
        return fallback();
      }
      throw error;
    }
  }

  /** Reads fields whose lengths are known to be acceptable. */
  async function read(hash: SharedHash, fields: readonly string[], into: Map<string, string>): Promise<void> {
    const values = await redis.hmget(hash, ...fields);
    fields.forEach((field, index) => {
      const value = values[index];
      if (typeof value === 'string') {
        into.set(field, value);
      }
    });
  }

  async function get(hash: SharedHash, fields: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const some of portions(fields.map((field) => ({ field, bytes: 0 })))) {
      const lengths = await Promise.all(some.map(({ field }) => redis.hstrlen(hash, field)));
      const sized = some.map(({ field }, index) => ({ field, bytes: lengths[index] ?? 0 }));
      const short = sized.filter(({ bytes }) => bytes > 0 && bytes <= MAX_SHARED_VALUE_BYTES);
      for (const portion of portions(short)) {
        await read(
          hash,
          portion.map(({ field }) => field),
          found,
        );
      }
    }
    return found;
  }

  async function write(hash: SharedHash, changes: SharedChanges): Promise<void> {
    const sized = [...changes].map(([field, value]) => ({ field, value, bytes: value?.length ?? 0 }));
    for (const portion of portions(sized)) {
      const written = portion.flatMap(({ field, value }) => (value === null ? [] : [field, value]));
      const removed = portion.flatMap(({ field, value }) => (value === null ? [field] : []));
      if (removed.length > 0) {
        await redis.hdel(hash, ...removed);
      }
      if (written.length > 0) {
        await redis.hset(hash, ...written);
      }
    }
  }

  return {
    fields: (hash) =>
      attempt(() =>
        ofHash(
          () => redis.hkeys(hash),
          () => [],
        ),
      ),
    get: (hash, fields) =>
      attempt(() =>
        ofHash(
          () => get(hash, fields),
          () => new Map<string, string>(),
        ),
      ),
    write: (hash, changes) =>
      attempt(() =>
        ofHash(
          () => write(hash, changes),
          async () => {
            await redis.del(hash);
            await write(hash, changes);
          },
        ),
      ),
    isUp: () => up,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      setUp(false);
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

/** Splits a list into portions of limited number and size. */
function* portions<T extends { bytes: number }>(all: readonly T[]): Generator<T[]> {
  let portion: T[] = [];
  let bytes = 0;
  for (const one of all) {
    if (portion.length === FIELDS_AT_ONCE || (portion.length > 0 && bytes + one.bytes > BYTES_AT_ONCE)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(one);
    bytes += one.bytes;
  }
  if (portion.length > 0) {
    yield portion;
  }
}
