import { afterEach, describe, expect, it } from 'vitest';
import {
  answer,
  type Script,
  type ScriptedApiServer,
  startScriptedApiServer,
  statusBody,
} from '../../../../test/harness/fakes/scripted-api-server.ts';
import { createKubeApi, type KubeApi, type WatchEvent } from './kube-api.ts';
import { KubeApiError } from './kube-api-error.ts';
import { resourcePath } from './resource-path.ts';

const PODS = resourcePath({ group: '', version: 'v1', plural: 'pods' }, 'demo');

let server: ScriptedApiServer;
let kube: KubeApi;

async function start(...scripts: Script[]): Promise<void> {
  server = await startScriptedApiServer(...scripts);
  kube = createKubeApi({ kubeconfig: server.kubeconfig });
}

afterEach(async () => {
  kube.close();
  await server.close();
});

describe('the Kubernetes API', () => {
  it.each([
    '/api/v1/../x',
    '/api/v1/%2e%2e/x',
    '/api/v1/pods?watch=true',
    '/api/v1/pods#x',
    '/api/v1/po\\ds',
    '//other/x',
  ])('is never asked for %s, which leads elsewhere than it says', async (path) => {
    await start((_request, response) => answer(response, 200, {}));
    await expect(kube.get(path)).rejects.toMatchObject({ status: 404 });
    expect(server.requests).toEqual([]);
  });

  it('sends credentials, and lists with the envelope that items leave out', async () => {
    await start((_request, response) =>
      answer(response, 200, {
        apiVersion: 'v1',
        kind: 'PodList',
        metadata: { resourceVersion: '7', continue: 'more' },
        items: [{ metadata: { name: 'a' } }],
      }),
    );
    const list = await kube.list(PODS, { labelSelector: 'a=b', limit: 1 });
    expect(list).toEqual({
      resourceVersion: '7',
      continue: 'more',
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }],
    });
    const [request] = server.requests;
    expect(request?.url.search).toBe('?labelSelector=a%3Db&limit=1');
    expect(request?.headers.authorization).toBe('Bearer canary-token');
  });

  it('impersonates the whole identity, whatever its texts are made of', async () => {
    await start((_request, response) => answer(response, 200, { metadata: {}, items: [] }));
    const extra = { 'example.org/Ünï%': ['a', 'b'], scopes: ['read'] };
    await kube.list(PODS, {}, { as: { user: 'änn', groups: ['dev', 'ops'], uid: 'u-1', extra } });
    await kube.list(PODS, {}, { as: { user: 'bob', groups: [], uid: '', extra: {} } });
    const [whole, plain] = server.requests.map(({ headers }) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('impersonate'))),
    );
    expect(whole).toEqual({
      'impersonate-user': Buffer.from('änn').toString('latin1'),
      'impersonate-group': 'dev, ops',
      'impersonate-uid': 'u-1',
      'impersonate-extra-example.org%2f%c3%9cn%c3%af%25': 'a, b',
      'impersonate-extra-scopes': 'read',
    });
    expect(plain).toEqual({ 'impersonate-user': 'bob' });
    const nobody = { user: ' ', groups: [], uid: '', extra: {} };
    await expect(kube.list(PODS, {}, { as: nobody })).rejects.toThrow('names no user');
    expect(server.requests).toHaveLength(2);
  });

  it('asks for metadata alone by the Accept header', async () => {
    await start((_request, response) => answer(response, 200, { metadata: {}, items: [] }));
    await kube.list(PODS, { metadataOnly: true });
    expect(server.requests[0]?.headers.accept).toContain('as=PartialObjectMetadataList');
  });

  it.each<[string, (api: KubeApi) => Promise<unknown>, string, string, string]>([
    ['a creation', (api) => api.create(PODS, { a: 1 }), 'POST', 'application/json', ''],
    ['a replacement', (api) => api.replace(PODS, { a: 1 }), 'PUT', 'application/json', ''],
    ['a merge patch', (api) => api.patch(PODS, { a: 1 }, 'merge'), 'PATCH', 'application/merge-patch+json', ''],
    ['a JSON patch', (api) => api.patch(PODS, [], 'json'), 'PATCH', 'application/json-patch+json', ''],
    [
      'an apply',
      (api) => api.apply(PODS, { a: 1 }, { fieldManager: 'walm' }),
      'PATCH',
      'application/apply-patch+yaml',
      '?fieldManager=walm&force=false',
    ],
    ['a removal', (api) => api.remove(PODS, { propagation: 'Foreground' }), 'DELETE', 'application/json', ''],
  ])('sends %s as the API server wants it', async (_name, act, method, type, search) => {
    await start((_request, response) => answer(response, 200, {}));
    await act(kube);
    const [request] = server.requests;
    expect([request?.method, request?.headers['content-type'], request?.url.search]).toEqual([method, type, search]);
  });

  it('reports the status, reason and causes of an error', async () => {
    const causes = [{ field: 'spec.replicas', reason: 'FieldValueInvalid', message: 'must be positive' }];
    await start((_request, response) =>
      answer(response, 422, { ...statusBody(422, 'Invalid', 'pod is invalid'), details: { causes } }),
    );
    await expect(kube.create(PODS, {})).rejects.toMatchObject({
      name: 'KubeApiError',
      status: 422,
      reason: 'Invalid',
      message: 'pod is invalid',
      causes,
    });
  });

  it('reports an answer that is not from the API server', async () => {
    await start((_request, response) => response.writeHead(502).end('<html>Bad gateway</html>'));
    await expect(kube.get(PODS)).rejects.toMatchObject({ status: 502, message: '<html>Bad gateway</html>' });
  });

  it('asks a busy API server again when it says so', async () => {
    await start(
      (_request, response) => answer(response, 429, statusBody(429, 'TooManyRequests'), { 'Retry-After': '0' }),
      (_request, response) => answer(response, 200, { kind: 'Pod', metadata: { name: 'a' } }),
    );
    expect((await kube.get(PODS)).metadata.name).toBe('a');
    expect(server.requests).toHaveLength(2);
  });

  it('says of a server that cannot be reached which one and why, without credentials', async () => {
    await start();
    await server.close();
    const error = await kube.get(PODS).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 0, reason: 'Unreachable' });
    expect(String(error)).toMatch(/API server at 127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    expect(String(error)).not.toContain('canary');
    server = await startScriptedApiServer();
  });

  it('does not wait forever', async () => {
    await start(() => {});
    await expect(kube.get(PODS, { timeoutMs: 50 })).rejects.toMatchObject({ status: 0, reason: 'Timeout' });
  });

  it.each([
    ['an object', () => kube.get(PODS, { timeoutMs: 50 })],
    ['a list', () => kube.list(PODS, {}, { timeoutMs: 50 })],
    ['a text', () => kube.text(PODS, {}, { timeoutMs: 50 })],
  ])('does not wait forever for the rest of %s', async (_what, ask) => {
    await start((_request, response) => response.writeHead(200).write('{"items": ['));
    await expect(ask()).rejects.toMatchObject({ name: 'KubeApiError', status: 0, reason: 'Timeout' });
  });

  it.each([200, 500])('tells of an answer of %d that breaks off as of a cluster that is away', async (status) => {
    await start((_request, response) => {
      response.writeHead(status).write('{"items": [');
      setImmediate(() => response.destroy());
    });
    await expect(kube.get(PODS)).rejects.toMatchObject({ name: 'KubeApiError', status: 0, reason: 'Unreachable' });
  });

  it('stops in the middle of an answer when it is aborted', async () => {
    const started = Promise.withResolvers<void>();
    await start((_request, response) => response.writeHead(200).write('{"items": [', () => started.resolve()));
    const stop = new AbortController();
    const pending = kube.get(PODS, { signal: stop.signal });
    await started.promise;
    stop.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  it('stops at once when it is aborted', async () => {
    await start(() => {});
    const stop = new AbortController();
    const pending = kube.get(PODS, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });
});

describe('a watch', () => {
  const event = (type: string, name: string) => JSON.stringify({ type, object: { metadata: { name } } });

  it('gives events whole and in order, however they are cut on the way', async () => {
    const text = `${event('ADDED', 'Größe')}\n${event('MODIFIED', 'b')}\n${event('DELETED', 'c')}\n`;
    await start((_request, response) => {
      response.writeHead(200);
      for (const byte of Buffer.from(text)) {
        response.write(Buffer.from([byte]));
      }
      response.end();
    });
    const events: WatchEvent[] = [];
    await kube.watch(PODS, { resourceVersion: '5' }, { onEvent: (one) => events.push(one) });
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      'ADDED Größe',
      'MODIFIED b',
      'DELETED c',
    ]);
    expect(server.requests[0]?.url.search).toBe('?resourceVersion=5&watch=true&allowWatchBookmarks=true');
  });

  it('fails with what the API server says in the middle of it', async () => {
    await start((_request, response) =>
      response.end(`${JSON.stringify({ type: 'ERROR', object: statusBody(410, 'Expired', 'too old') })}\n`),
    );
    const watch = kube.watch(PODS, {}, { onEvent: () => {} });
    await expect(watch).rejects.toMatchObject({ status: 410, reason: 'Expired', message: 'too old' });
  });

  it('fails when its connection breaks', async () => {
    await start((_request, response) => {
      response.write(`${event('ADDED', 'a')}\n`, () => response.destroy());
    });
    await expect(kube.watch(PODS, {}, { onEvent: () => {} })).rejects.toBeInstanceOf(KubeApiError);
  });
});
