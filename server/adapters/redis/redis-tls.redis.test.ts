import { inspect } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Authority, createAuthority, type Identity } from '../../../test/harness/programs/authority.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { type RedisServer, startRedisServer } from '../../../test/harness/programs/redis-server.ts';
import type { SharedCache } from '../../ports/storage/shared-cache.ts';
import { readTlsFiles } from '../../config/tls-files.ts';
import type { RedisSettings } from './redis-settings.ts';
import { createRedisSharedCache } from './shared-cache.ts';

const PASSWORD = 'canary-redis-password';

let authority: Authority;
let stranger: Authority;
let own: Identity;
let strange: Identity;
let server: RedisServer;
const open: SharedCache[] = [];

/** A Redis that accepts only TLS clients with a certificate of its CA, and the password. */
beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority()]);
  [own, strange] = await Promise.all([authority.issue('walm'), stranger.issue('stranger')]);
  const identity = await authority.issue('redis');
  server = await startRedisServer({
    lines: (port) => [
      'port 0',
      `tls-port ${port}`,
      `tls-cert-file ${identity.certFile}`,
      `tls-key-file ${identity.keyFile}`,
      `tls-ca-cert-file ${authority.caFile}`,
      'tls-auth-clients yes',
      `requirepass ${PASSWORD}`,
    ],
    client: { password: PASSWORD, tls: { ca: authority.ca, cert: own.cert, key: own.key } },
  });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
});

afterAll(async () => {
  await server?.stop();
  authority?.remove();
  stranger?.remove();
});

/** Connects with these TLS settings; `problems` are the reasons of failures. */
function create(tls: RedisSettings['tls'], password = PASSWORD): { cache: SharedCache; problems: string[] } {
  const problems: string[] = [];
  const limits = { connectTimeoutMs: 60_000, commandTimeoutMs: 60_000, maxBackoffMs: 100 };
  const cache = createRedisSharedCache(
    { host: '127.0.0.1', port: server.port, db: 0, password, ...(tls && { tls }), ...limits },
    (error) => problems.push(inspect(error, { depth: 20 })),
  );
  open.push(cache);
  return { cache, problems };
}

const certificate = () => ({ cert: own.cert, key: own.key });

describe('a Redis that wants TLS and a certificate', () => {
  it.each([
    ['whose authority is known', () => ({ caFile: authority.caFile, verifySsl: true })],
    ['that is trusted unseen', () => ({ caFile: '', verifySsl: false })],
  ])('keeps what it is given: one %s', async (_, options) => {
    const { certFile, keyFile } = own;
    const tls = readTlsFiles({ tls: true, certFile, keyFile, ...options() }, 'redisConfig');
    const { cache } = create(tls ?? undefined);
    await eventually(() => expect(cache.isUp()).toBe(true));
    await cache.write('walm-releases', new Map([['demo/web', '1']]));
    expect(await server.client.hget('walm-releases', 'demo/web')).toBe('1');
  });

  it('is not even asked with a certificate and the key of another', () => {
    const files = { caFile: authority.caFile, certFile: own.certFile, keyFile: strange.keyFile };
    expect(() => readTlsFiles({ tls: true, verifySsl: true, ...files }, 'redisConfig')).toThrow(/is not the key of/);
  });

  const refusals: [string, RegExp, () => RedisSettings['tls'], string?][] = [
    [
      'its authority is another one',
      /not trusted \(caFile\)/,
      () => ({ ca: stranger.ca, verify: true, ...certificate() }),
    ],
    ['nobody known vouches for it', /not trusted \(caFile\)/, () => ({ verify: true, ...certificate() })],
    ['it is shown no certificate', /asks for a client certificate/, () => ({ ca: authority.ca, verify: true })],
    [
      'it is shown a certificate of another authority',
      /refuses the client certificate/,
      () => ({ ca: authority.ca, verify: true, cert: strange.cert, key: strange.key }),
    ],
    ['it is not spoken to by TLS', /ask for TLS/, () => undefined],
    [
      'the password is wrong',
      /WRONGPASS/,
      () => ({ ca: authority.ca, verify: true, ...certificate() }),
      'canary-wrong-password',
    ],
  ];
  it.each(refusals)('is away, and the reason says so, when %s', async (_, reason, tls, password) => {
    const { cache, problems } = create(tls(), password);
    await eventually(() => expect(problems.join('\n')).toMatch(reason));
    expect(cache.isUp()).toBe(false);
    expect(cache.isUp()).toBe(false);
    expect(problems.join('\n')).not.toMatch(/canary|PRIVATE KEY/);
  });
});
