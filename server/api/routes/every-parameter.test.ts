import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';
import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { operations, type OperationId } from '../../../contract/operations/operations.ts';

/** The maximum of a timer; a longer one fires at once. */
const MAX_TIMER_SEC = (2 ** 31 - 1) / 1000;

const rows = Object.entries(operations) as [OperationId, Operation][];
const changing = rows.filter(([, { method }]) => method !== 'GET');
const reading = rows.filter(([, { method, responses }]) => {
  const { contentType = '' } = responses[200] ?? {};
  return method === 'GET' && contentType !== 'text/event-stream';
});
const parametersOf = ([id, { query = {} }]: [OperationId, Operation]) =>
  Object.entries(query).map(([name, schema]) => ({ id, name, schema: schema as { type?: string; maximum?: number } }));

const places: Record<string, string> = { namespace: 'demo', release: 'web', action: 'pause', revision: '1' };
const urlOf = (id: OperationId, query: string) =>
  `${operations[id].path.replaceAll(/\{(\w+)\}/g, (_, name: string) => places[name] ?? 'x')}?${query}`;

let api: FakeApi;
beforeAll(async () => {
  api = await createFakeApi();
});
afterAll(() => api.close());

const send = (id: OperationId, query: string) =>
  api.app.inject({ method: operations[id].method, url: urlOf(id, query) });

describe('a parameter that an operation does not know', () => {
  test.each(changing.flatMap(parametersOf))('is refused by $id, and $name is what was meant', async ({ id, name }) => {
    for (const wrong of [`${name}s`, name.slice(0, -1), name.toUpperCase()]) {
      const answer = await send(id, `${wrong}=true`);
      expect([answer.statusCode, answer.json<{ code: string }>().code], wrong).toEqual([400, 'QUERY_UNKNOWN']);
      expect(answer.json<{ errMessage: string }>().errMessage).toContain(`did you mean ${name}?`);
    }
  });

  test.each(changing.map(([id]) => id))('is refused by %s, whatever it resembles', async (id) => {
    const answer = await send(id, 'xyzzy=1');
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'QUERY_UNKNOWN' }]);
  });

  test.each(reading.map(([id]) => id))('is a warning in the header of the read %s', async (id) => {
    const answer = await send(id, 'xyzzy=1');
    expect(answer.headers['walm-warnings']).toContain('unknown query parameter xyzzy is ignored');
  });
});

test.each(
  rows
    .filter(([, { requestHeaders }]) => requestHeaders === undefined)
    .map(([id]) => id)
    .filter((id) => id !== 'streamEvents'),
)('%s does not judge a header that means nothing to it', async (id) => {
  const row: Operation = operations[id];
  const json = row.body === undefined ? {} : { payload: '{}', headers: { 'content-type': 'application/json' } };
  const headers = { ...json.headers, 'idempotency-key': 'x'.repeat(300) };
  const answer = await api.app.inject({ method: row.method, url: urlOf(id, ''), ...json, headers });
  expect(answer.body).not.toMatch(/"code": ?"HEADER_INVALID"/);
});

test.each(rows.flatMap(parametersOf).filter(({ name }) => name.endsWith('Sec')))(
  '$name of $id is no longer than a timer waits',
  async ({ id, name, schema }) => {
    expect(schema.maximum).toBeLessThan(MAX_TIMER_SEC);
    const answer = await send(id, `${name}=2147484`);
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'QUERY_INVALID' }]);
  },
);

test.each(rows.flatMap(parametersOf).filter(({ name }) => name === 'labelselector'))(
  '$id understands labelSelector, too',
  async ({ id }) => {
    const answer = await send(id, 'labelSelector=a&labelselector=b');
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'QUERY_INVALID' }]);
  },
);
