import { once } from 'node:events';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../../../test/harness/fakes/fake-api.ts';
import { eventually } from '../../../test/harness/eventually.ts';

/** What becomes of bodies that nobody reads because their requests are refused before. */
let api: FakeApi;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  api = await createFakeApi();
  await api.app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  sockets.forEach((socket) => socket.destroy());
  await api.close();
});

const BYTES = 3 * 1024 * 1024;
const REFUSED = `POST /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${BYTES}\r\n\r\n`;
const NEXT = 'GET /liveness HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

async function connect(): Promise<{ socket: Socket; answers: () => number[] }> {
  const { port } = api.app.server.address() as AddressInfo;
  const socket = createConnection({ port, host: '127.0.0.1' });
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  await once(socket, 'connect');
  return { socket, answers: () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)) };
}

test('it is read away, and the connection goes on with the next request', async () => {
  const { socket, answers } = await connect();
  socket.write(REFUSED);
  await eventually(() => expect(answers()).toEqual([404]));
  socket.write(Buffer.alloc(BYTES));
  socket.write(NEXT);
  await eventually(() => expect(answers()).toEqual([404, 200]));
});

test('those that never end keep nobody from theirs', async () => {
  const silent = await Promise.all(Array.from({ length: 20 }, connect));
  silent.forEach(({ socket }) => socket.write(REFUSED));
  await eventually(() => expect(silent.flatMap(({ answers }) => answers())).toHaveLength(20));
  const { socket, answers } = await connect();
  socket.write(REFUSED);
  socket.write(Buffer.alloc(BYTES));
  socket.write(NEXT);
  await eventually(() => expect(answers()).toEqual([404, 200]));
});
