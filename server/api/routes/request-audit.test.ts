import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import { everythingAllowed } from '../../../test/harness/fakes/everything-allowed.ts';
import { createFakeApi, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';
import { person } from '../../../test/harness/fakes/person.ts';

let api: FakeApi;
afterEach(() => api.close());

it('writes down who asked for which change and what came of it', async () => {
  const identify = async () => person('ann', ['dev']);
  const access = {
    identify,
    authorization: everythingAllowed,
    systemNamespace: 'walm-system',
    findTask: async () => null,
  };
  api = await createFakeApi({ access });
  const headers = { 'content-type': 'application/json', 'x-request-id': 'r-1' };
  const payload = { name: 'web', configValues: { password: 'hush' } };
  await api.app.inject({ method: 'POST', url: '/api/v1/release/demo', headers, payload });
  await api.app.inject({ method: 'DELETE', url: '/api/v1/release/demo/name/web?timeoutSec=-1' });
  await eventually(() => expect(api.audited).toHaveLength(2));
  expect(api.audited).toMatchObject([
    {
      event: 'request',
      who: 'ann',
      groups: ['dev'],
      what: 'installRelease',
      namespace: 'demo',
      release: 'web',
      task: 'task-1',
      result: 'succeeded',
      status: 200,
      requestId: 'r-1',
    },
    { what: 'deleteRelease', release: 'web', result: 'refused', code: 'QUERY_INVALID', status: 400 },
  ]);
  expect(JSON.stringify(api.audited)).not.toContain('hush');
});

it('does not write down what changes nothing', async () => {
  api = await createFakeApi();
  const headers = { 'content-type': 'application/json' };
  await api.app.inject({ url: '/api/v1/release/demo' });
  await api.app.inject({ method: 'POST', url: '/api/v1/release/demo/dryrun', headers, payload: { name: 'web' } });
  await api.app.inject({
    method: 'POST',
    url: '/api/v1/bulk/delete?dryrun=true&labelselector=a%3Db',
    headers,
    payload: {},
  });
  expect(api.audited).toEqual([]);
});

it('writes down who read the values of a Secret', async () => {
  api = await createFakeApi();
  await api.app.inject({ url: '/api/v1/secret/demo/name/login' });
  await eventually(() =>
    expect(api.audited).toMatchObject([{ what: 'getSecret', namespace: 'demo', secret: 'login', who: null }]),
  );
});
