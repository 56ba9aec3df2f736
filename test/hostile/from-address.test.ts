import { createServer, type AddressInfo } from 'node:net';

import { expect, test } from 'vitest';

import { fromAddress } from './from-address.ts';

test('a server sees the other address, and what is said goes both ways', async () => {
  const server = createServer((socket) => {
    const body = socket.remoteAddress ?? '';
    socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    const url = await fromAddress('127.0.0.2', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const answer = await fetch(url);
    expect(await answer.text()).toMatch(/127\.0\.0\.2$/u);
  } finally {
    server.close();
  }
});
