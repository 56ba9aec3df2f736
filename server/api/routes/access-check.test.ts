import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import { createFakeApi, type FakeApi, formRequest } from '../../../test/harness/fakes/fake-api.ts';
import { operations } from '../../../contract/operations/operations.ts';
import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { createMemoryAccessReviews } from '../../adapters/memory/access-reviews.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';
import { createAuthorization } from '../../services/access/authorization.ts';
import { createIdentifyCaller } from '../../services/access/identify-caller.ts';

let api: FakeApi;
let done: string[];
afterEach(() => api.close());

const bodies = Object.values(operations as Record<string, Operation>)
  .filter(({ body, access }) => body !== undefined && access.kind !== 'token')
  .map(({ method, path }) => [method, path] as const);

const users = [
  { user: 'stranger', groups: [], token: 'stranger', rights: [] },
  { user: 'viewer', groups: [], token: 'viewer', rights: ['get demo', 'list demo'] },
  { user: 'editor', groups: [], token: 'editor', rights: ['get demo', 'list demo', 'create demo', 'update demo'] },
];

async function serve(reviews: AccessReviews = createMemoryAccessReviews(users)) {
  done = [];
  const clock = createManualClock();
  const note = (what: string) => async () => {
    done.push(what);
    return { task: null, finished: true, warnings: [] };
  };
  api = await createFakeApi({
    access: {
      identify: createIdentifyCaller({
        reviews,
        identifyAgain: (_user, token) => reviews.identify(token),
        clock,
        key: new Uint8Array(32),
        maxUnknown: 8,
      }),
      authorization: createAuthorization({ reviews, clock }),
      systemNamespace: 'walm-system',
      findTask: async (id) => (id === 'none' ? null : { namespace: 'demo', release: 'web' }),
    },
    installRelease: note('install'),
    upgradeRelease: note('upgrade'),
    deleteRelease: note('delete'),
    listReleases: async (_, visible) => {
      const seen = (await visible?.sees('demo')) === true ? ['demo'] : [];
      return { num: seen.length, total: seen.length, items: [] };
    },
  });
}

async function send(token: string | null, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = { ...authorization, ...(payload && { 'content-type': 'application/json' }) };
  const answer = await api.app.inject({ method, url, headers, ...(payload && { payload }) });
  const { code, details } = JSON.parse(answer.body || '{}') as { code?: string; details?: object };
  return { status: answer.statusCode, code, details, headers: answer.headers, text: answer.body };
}

const web = { name: 'web' };

describe('without a valid token', () => {
  it.each([
    [null, 'GET', '/api/v1/release'],
    ['guessed', 'GET', '/api/v1/release'],
    [null, 'POST', '/api/v1/release/demo'],
    ['guessed', 'DELETE', '/api/v1/release/demo/name/web'],
    [null, 'GET', '/api/v1/chart/repolist'],
    [null, 'GET', '/api/v1/task/t'],
    [null, 'GET', '/api/v1/status'],
  ] as const)('the token %j gets 401 for %s %s', async (token, method, url) => {
    await serve();
    const answer = await send(token, method, url, method === 'POST' ? web : undefined);
    expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="walm"');
    expect(answer.text).not.toContain('guessed');
    expect(done).toEqual([]);
  });

  it('nothing of an archive is kept', async () => {
    await serve();
    const { payload, headers } = await formRequest([['chart', new Uint8Array(2_000)]]);
    const answer = await api.app.inject({ method: 'POST', url: '/api/v1/release/demo/withchart', payload, headers });
    expect(answer.statusCode).toBe(401);
    expect(await api.charts()).toEqual([]);
  });

  it.each(['/readiness', '/liveness', '/liveniess', '/metrics', '/api/v1/openapi.json', '/swagger-ui/'])(
    '%s is answered',
    async (url) => {
      await serve();
      expect((await api.app.inject({ url })).statusCode).toBe(200);
    },
  );

  it('the audit entry of an unauthenticated change names no caller', async () => {
    await serve();
    await send(null, 'DELETE', '/api/v1/release/demo/name/web');
    const refusal = { who: null, result: 'refused', code: 'UNAUTHENTICATED' };
    await eventually(() => expect(api.audited).toMatchObject([refusal]));
  });

  it('a cluster that does not answer is reported as such', async () => {
    const away = () => Promise.reject(problem('CLUSTER_UNREACHABLE', 'away'));
    await serve({ identify: away, allows: away, allowsSome: away, accountUid: away });
    expect(await send('editor', 'GET', '/api/v1/release')).toMatchObject({ status: 503, code: 'CLUSTER_UNREACHABLE' });
  });
});

describe('with a token', () => {
  it('what the caller may is done, and what not is refused by name', async () => {
    await serve();
    expect((await send('editor', 'POST', '/api/v1/release/demo', web)).status).toBe(200);
    expect(await send('viewer', 'POST', '/api/v1/release/demo', web)).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      details: { user: 'viewer', verb: 'create', resource: 'releaseconfigs', namespace: 'demo' },
    });
    expect((await send('editor', 'POST', '/api/v1/release/other', web)).status).toBe(403);
    expect((await send('editor', 'DELETE', '/api/v1/release/demo/name/web')).status).toBe(403);
    expect(done).toEqual(['install']);
  });

  it('an upgrade is judged by the release that the body names', async () => {
    await serve();
    expect((await send('editor', 'PUT', '/api/v1/release/demo', web)).status).toBe(200);
    expect(await send('viewer', 'PUT', '/api/v1/release/demo', web)).toMatchObject({
      status: 403,
      details: { verb: 'update', namespace: 'demo' },
    });
    expect(await send('editor', 'PUT', '/api/v1/release/demo', {})).toMatchObject({ code: 'RELEASE_NAME_INVALID' });
    expect(done).toEqual(['upgrade']);
  });

  it('who may change one release only is refused others by name', async () => {
    const reviews = createMemoryAccessReviews(users);
    const isWeb = (_: unknown, { name }: { name: string }) => Promise.resolve(name === 'web');
    await serve({ ...reviews, allows: isWeb, allowsSome: () => Promise.resolve(true) });
    expect((await send('viewer', 'PUT', '/api/v1/release/demo', web)).status).toBe(200);
    expect(await send('viewer', 'PUT', '/api/v1/release/demo', { name: 'other' })).toMatchObject({
      status: 403,
      details: { verb: 'update', name: 'other' },
    });
    expect(done).toEqual(['upgrade']);
  });

  it.each(bodies)('%s %s is refused to who may not before anything of the body is read', async (method, path) => {
    await serve();
    const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const url = address + path.replace('{namespace}', 'demo').replaceAll(/\{\w+\}/g, 'web');
    const headers = { authorization: 'Bearer stranger', 'content-type': 'application/json', 'content-length': '1000' };
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(url, { method, headers }, ({ statusCode }) => {
        resolve(statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(answered).toBe(403);
  });

  const changes = Object.values(operations as Record<string, Operation>)
    .filter(({ method, path }) => method !== 'GET' && /\{(namespace|tenant)\}/.test(path))
    .map(({ method, path }) => [method, path] as const);
  it.each(changes)("%s %s is refused in Walm's own namespace, whoever asks", async (method, path) => {
    await serve(createMemoryAccessReviews([{ user: 'root', groups: [], token: 'root', rights: ['*'] }]));
    const url = path.replace(/\{(namespace|tenant)\}/, 'walm-system').replaceAll(/\{\w+\}/g, 'web');
    expect(await send('root', method, url)).toMatchObject({ status: 422, code: 'NAMESPACE_RESERVED' });
    expect(done).toEqual([]);
  });

  it('lists of everything are open to every caller, and contain what the caller may list', async () => {
    await serve();
    expect(JSON.parse((await send('viewer', 'GET', '/api/v1/release')).text)).toMatchObject({ num: 1 });
    expect((await send('viewer', 'GET', '/api/v1/task?namespace=other')).status).toBe(403);
    expect((await send('viewer', 'GET', '/api/v1/task?namespace=demo')).status).toBe(200);
    expect((await send('viewer', 'GET', '/api/v1/release/other')).status).toBe(403);
  });

  it('a task is judged by the release that it is about', async () => {
    await serve();
    expect((await send('viewer', 'GET', '/api/v1/task/t')).status).toBe(200);
    expect(await send('viewer', 'POST', '/api/v1/task/t/cancel')).toMatchObject({
      status: 403,
      details: { verb: 'update', namespace: 'demo', name: 'web' },
    });
    expect((await send('editor', 'POST', '/api/v1/task/t/cancel')).status).toBe(200);
  });

  it('the server may be addressed by any name', async () => {
    await serve();
    const headers = { host: 'walm.example.com', authorization: 'Bearer viewer' };
    expect((await api.app.inject({ url: '/api/v1/release/demo', headers })).statusCode).toBe(200);
  });
});

describe('what would be an install or an upgrade', () => {
  const dryRun = '/api/v1/release/demo/dryrun';
  const reviewsOf = (rights: string[]) =>
    createMemoryAccessReviews([{ user: 'ann', groups: [], token: 'ann', rights }]);

  it.each([[['create demo']], [['update demo']]])('is admitted with %j', async (rights) => {
    await serve(reviewsOf(rights));
    expect(await send('ann', 'POST', dryRun, web)).toMatchObject({ status: 200 });
  });

  it('is refused without either, before the body is read', async () => {
    await serve(reviewsOf(['get demo', 'list demo', 'create other', 'update other']));
    expect(await send('ann', 'POST', dryRun, { nonsense: [] })).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      details: { verb: 'create' },
    });
  });
});

describe('an object of the cluster', () => {
  it.each([
    ['/api/v1/secret/demo/name/login', 'get secrets demo', { verb: 'get', namespace: 'demo', name: 'login' }],
    ['/api/v1/secret/demo', 'list secrets demo', { verb: 'list', namespace: 'demo' }],
    ['/api/v1/tenant/demo', 'get namespaces demo', { verb: 'get', namespace: 'demo', name: 'demo' }],
    ['/api/v1/node/n1', 'get nodes *', { verb: 'get', resource: 'nodes', name: 'n1' }],
    ['/api/v1/pod/demo/name/web/events', 'get pods demo', { verb: 'list', resource: 'events', namespace: 'demo' }],
  ])('at %s takes the right on it: with %s', async (url, right, missing) => {
    const reviews = (rights: string[]) =>
      createMemoryAccessReviews([{ user: 'ann', groups: [], token: 'ann', rights }]);
    const isEnough = !url.endsWith('/events');
    await serve(reviews(isEnough ? ['* demo', 'get demo', 'list demo'] : [right]));
    const { details, ...refused } = await send('ann', 'GET', url);
    expect(refused).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(details).toMatchObject(missing);
    await api.close();
    await serve(reviews(isEnough ? [right] : [right, 'list events demo']));
    expect((await send('ann', 'GET', url)).status).not.toBe(403);
  });
});

it('every operation that names no namespace says which of what it knows it tells', async () => {
  await serve();
  const rows: [string, Operation][] = Object.entries(operations);
  const unscoped = rows.filter(
    ([, { path, access }]) => !path.includes('{namespace}') && access.kind === 'rights' && access.at === undefined,
  );
  expect(unscoped).toEqual([]);
  const scoped = rows.filter(
    ([, { path, access }]) => path.includes('{namespace}') && !['rights', 'create-or-update'].includes(access.kind),
  );
  expect(scoped).toEqual([]);
});
