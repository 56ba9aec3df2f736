import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startRoundTrips } from './round-trips.ts';

test('a request on a new connection is answered when bytes have gone to and fro', async () => {
  const trips = await startRoundTrips();
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  let answered = 0;
  for (let asked = 1; asked <= 50; asked += 1) {
    const { port } = server.address() as AddressInfo;
    request({ port, host: '127.0.0.1', agent: false }, (answer) =>
      answer.resume().on('end', () => (answered += 1)),
    ).end();
    await trips.settle();
    expect(answered).toBe(asked);
  }
  server.close();
  trips.close();
});
