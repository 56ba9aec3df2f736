import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import { createFakeApi, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';

let api: FakeApi;
let stream: ReadableStreamDefaultController<string>;
let client: Socket;

beforeEach(async () => {
  api = await createFakeApi();
  const body = new ReadableStream<string>({ start: (controller) => void (stream = controller) });
  api.app.get('/stream', (_, reply) => reply.send(body));
  // Longer than the test may take: a stop that waits for an idle connection never ends.
  api.app.server.keepAliveTimeout = 3_600_000;
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const arrived = once(api.app.server, 'connection');
  client = connect((api.app.server.address() as AddressInfo).port, '127.0.0.1');
  await arrived;
});
afterEach(() => {
  client.destroy();
  return api.close();
});

it('a connection on which no request came keeps no server from stopping', async () => {
  const closed = once(client, 'close');
  await api.app.close();
  await closed;
  expect(client.destroyed).toBe(true);
});

it('nor does one whose answer ends after the stop began', async () => {
  client.write('GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  stream.enqueue('begun');
  const [head] = (await once(client, 'data')) as [Buffer];
  expect(head.toString()).toContain('HTTP/1.1 200');
  const closed = api.app.close();
  await eventually(() => expect(api.app.server.listening).toBe(false));
  stream.enqueue('done');
  stream.close();
  await closed;
});
