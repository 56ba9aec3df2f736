import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProblemBody } from '../../../contract/problems/problem.ts';
import { createFakeApi, doneTask, type FakeApi, type FakeServices } from '../../../test/harness/fakes/fake-api.ts';
import type { DeleteInput, ApplyInput } from '../../services/tasks/release-mutation.ts';
import { problem } from '../../domain/errors/problem-error.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
let api: FakeApi;
afterEach(() => api.close());

async function start(services: FakeServices = {}): Promise<void> {
  api = await createFakeApi(services);
}

describe('installs', () => {
  let inputs: ApplyInput[];
  beforeEach(async () => {
    inputs = [];
    await start({
      installRelease: async (input) => {
        inputs.push(input);
        return { task: doneTask, finished: input.options.waiting !== null, warnings: input.options.warnings };
      },
    });
  });
  const install = (payload: object | string, query = '') =>
    api.app.inject({
      method: 'POST',
      url: `/api/v1/release/demo${query}`,
      headers: { 'content-type': 'application/json' },
      payload,
    });

  it('answers 200 with an empty body and the task in a header', async () => {
    const answer = await install({ name: 'web', chartName: 'nginx' });
    expect([answer.statusCode, answer.body, answer.headers['walm-task-id']]).toEqual([200, '', 'task-1']);
    expect(inputs[0]).toMatchObject({
      namespace: 'demo',
      request: { name: 'web', chartName: 'nginx' },
      createNamespace: false,
      crds: 'create',
      waitReady: true,
      allowMissing: false,
      options: { waiting: {}, caller: null },
    });
  });

  it('answers 202 with the task when asked not to wait', async () => {
    const answer = await install({ name: 'web' }, '?async=T');
    expect([answer.statusCode, answer.json()]).toEqual([202, { task: doneTask, warnings: [] }]);
  });

  it('reads fields without case, null as absent, and warns of unknown ones', async () => {
    const answer = await install({ NAME: 'web', chartname: null, configValues: { Foo: null }, chartVersoin: '1' });
    expect(inputs[0]?.request).toEqual({ name: 'web', configValues: { Foo: null } });
    expect(answer.json()).toEqual({
      warnings: [
        {
          code: 'FIELD_UNKNOWN',
          message: 'unknown field /chartVersoin is ignored; did you mean chartVersion?',
          path: '/chartVersoin',
        },
      ],
    });
  });

  it('refuses unknown fields when strict', async () => {
    const answer = await install({ name: 'web', nope: 1 }, '?strict=true');
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'REQUEST_INVALID', details: { errors: [{ pointer: '/nope' }] } });
    expect(inputs).toEqual([]);
  });

  it('names every place that does not fit, with the original prefix', async () => {
    const wrong = { name: 5, plugins: [{ args: 3 }], releaseLabels: { a: 1 }, onFailure: 'explode' };
    const answer = await install(wrong);
    expect(answer.statusCode).toBe(422);
    expect(answer.json<ProblemBody>().details['errors']).toEqual([
      { pointer: '/name', message: 'must be string, not number' },
      { pointer: '/releaseLabels/a', message: 'must be string, not number' },
      { pointer: '/plugins/0/name', message: 'is required' },
      { pointer: '/plugins/0/args', message: 'must be string or must be object' },
      { pointer: '/onFailure', message: 'must be "hold" or must be "pause" or must be "rollback" or must be "none"' },
    ]);
    expect(answer.json<ProblemBody>().errMessage).toMatch(
      /^failed to read request body: \/name must be string, not number; /,
    );
  });

  it.each([
    ['?async=abc', 'query param async value is not valid : strconv.ParseBool: parsing "abc": invalid syntax'],
    ['?timeoutSec=1.5', 'query param timeoutSec value is not valid : strconv.ParseInt: parsing "1.5": invalid syntax'],
    ['?timeoutSec=-1', 'failed to install release: Timeout reached'],
    ['?crds=some', 'query param crds value is not valid : "some" is none of create, skip, apply'],
    ['?async=1&async=0', 'query param async value is not valid : it is given 2 times'],
  ])('refuses the query %s in the original words', async (query, errMessage) => {
    const answer = await install({ name: 'web' }, query);
    expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ errMessage })]);
  });

  it.each([
    ['', 400, 'BODY_MALFORMED', 'failed to read request body: EOF'],
    ['{"name": "x"', 400, 'BODY_MALFORMED', 'failed to read request body: unexpected EOF at line 1, column 13'],
    [
      '{"name": \n bad}',
      400,
      'BODY_MALFORMED',
      'invalid character "b" looking for beginning of value at line 2, column 2',
    ],
    ['{"name": "x"} {}', 400, 'BODY_MALFORMED', 'looking for the end of the document'],
    ['[]', 422, 'REQUEST_INVALID', 'the body must be object, not array'],
    ['{"name":"a","name":"b"}', 422, 'REQUEST_INVALID', '/name is given twice'],
    ['{"name":"a","Name":"b"}', 422, 'REQUEST_INVALID', '/Name says name a second time'],
    ['{"configValues":{"n":9007199254740993}}', 422, 'REQUEST_INVALID', '/configValues/n the number 9007199254740993'],
    [`{"configValues":${'['.repeat(60)}`, 400, 'BODY_MALFORMED', 'nested deeper than 50 levels'],
    [`{"configValues":{"a":"${'x'.repeat(17_000)}"}}`, 413, 'BODY_TOO_LARGE', 'larger than'],
  ])('refuses unusable body %#', async (body, status, code, message) => {
    const answer = await install(body);
    expect([answer.statusCode, answer.json<ProblemBody>().code]).toEqual([status, code]);
    expect(answer.json<ProblemBody>().errMessage).toContain(message);
    expect(inputs).toEqual([]);
  });

  it("begins with the original's words for each kind of body", async () => {
    const url = '/api/v1/project/demo/name/shop';
    const answer = await api.app.inject({ method: 'POST', url, headers: JSON_TYPE, payload: '{"releases": [' });
    expect(answer.json<ProblemBody>().errMessage).toMatch(/^failed to read request body : unexpected EOF/);
  });

  it('refuses bodies that are not JSON by their type', async () => {
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/v1/release/demo',
      headers: { 'content-type': 'text/plain' },
      payload: '{"name":"web"}',
    });
    expect(answer.json<ProblemBody>()).toMatchObject({
      code: 'CONTENT_TYPE_UNSUPPORTED',
      errMessage: expect.stringContaining('text/plain is not supported: this operation reads application/json'),
      details: { types: ['application/json'] },
    });
  });

  it('refuses what cannot be a namespace', async () => {
    const answer = await api.app.inject({ method: 'POST', url: '/api/v1/release/..%2Fkube', payload: { name: 'x' } });
    expect([answer.statusCode, answer.json<ProblemBody>().code]).toEqual([400, 'PATH_INVALID']);
  });
});

describe('reads and deletes', () => {
  it('answers 404 for an unknown release in the original words', async () => {
    await start();
    const answer = await api.app.inject({
      url: '/api/v1/release/demo/name/web',
      headers: { 'x-request-id': 'mine-1' },
    });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({
      errorCode: -1,
      errCode: -1,
      errMessage: 'release web is not found',
      code: 'RELEASE_NOT_FOUND',
      requestId: 'mine-1',
      details: { object: { kind: 'Release', namespace: 'demo', name: 'web' } },
    });
    expect(answer.headers['x-request-id']).toBe('mine-1');
  });

  it('fills the name into the prefix of an error', async () => {
    await start({
      getRelease: async () => {
        throw problem('CLUSTER_UNREACHABLE', 'the cluster does not answer');
      },
    });
    const answer = await api.app.inject({ url: '/api/v1/release/demo/name/web' });
    expect([answer.statusCode, answer.json<ProblemBody>().errMessage, answer.headers['retry-after']]).toEqual([
      503,
      'failed to get release web: the cluster does not answer',
      '1',
    ]);
  });

  it('hides unexpected errors behind the request id and logs them once', async () => {
    await start({
      listReleases: async () => {
        throw new Error('secret thing');
      },
    });
    const answer = await api.app.inject({ url: '/api/v1/release/demo' });
    expect([answer.statusCode, answer.json<ProblemBody>().code]).toEqual([500, 'INTERNAL']);
    expect(answer.body).not.toContain('secret thing');
    expect(api.errors.filter((line) => line.includes('secret thing'))).toHaveLength(1);
  });

  it('hands the filters of a list on', async () => {
    const filters: object[] = [];
    await start({
      listReleases: async (filter) => {
        filters.push(filter);
        return { num: 0, total: 0, items: [] };
      },
    });
    const answer = await api.app.inject({ url: '/api/v1/release/demo/?labelselector=a%3Db&limit=5&continue=x' });
    expect(answer.body).toBe('{\n "num": 0,\n "total": 0,\n "items": []\n}');
    await api.app.inject({ url: '/api/v1/release?chart=kafka&ready=false&q=shop&view=summary' });
    expect(filters).toEqual([
      { namespace: 'demo', selector: 'a=b', limit: 5, continue: 'x', view: 'full', sort: 'namespace' },
      { chart: 'kafka', ready: false, text: 'shop', view: 'summary', sort: 'namespace' },
    ]);
  });

  it('deletes with its switches, without a content type', async () => {
    const inputs: DeleteInput[] = [];
    await start({
      deleteRelease: async (input) => {
        inputs.push(input);
        return { task: doneTask, finished: true, warnings: [] };
      },
    });
    const answer = await api.app.inject({ method: 'DELETE', url: '/api/v1/release/demo/name/web?deletePvcs=1' });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(inputs).toEqual([expect.objectContaining({ release: 'web', deletePvcs: true, ignoreNotFound: false })]);
  });

  it('hands a dry run the change that it is to foretell', async () => {
    const inputs: unknown[] = [];
    await start({
      dryRunRelease: async (input) => {
        inputs.push(input);
        return { objects: [], warnings: [] };
      },
    });
    for (const query of ['crds=1', 'crds=apply&forceConflicts=true&recreate=delete&resetValues=true']) {
      const url = `/api/v1/release/demo/dryrun?${query}`;
      await api.app.inject({ method: 'POST', url, payload: { name: 'web' } });
    }
    expect(inputs).toMatchObject([
      { crds: true, judged: {}, request: { name: 'web' } },
      {
        crds: false,
        judged: { crds: 'apply', forceConflicts: true, recreate: 'delete' },
        request: { name: 'web', resetValues: true },
      },
    ]);
  });

  it('answers a dry run with the objects, and its warnings in a header', async () => {
    await start({
      dryRunRelease: async () => ({ objects: [{ kind: 'Service' }], warnings: [{ code: 'X', message: 'naïve' }] }),
    });
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/v1/release/demo/dryrun',
      payload: { name: 'web' },
    });
    expect([answer.json(), answer.headers['walm-warnings']]).toEqual([
      [{ kind: 'Service' }],
      '[{"code":"X","message":"na\\u00efve"}]',
    ]);
  });
});
