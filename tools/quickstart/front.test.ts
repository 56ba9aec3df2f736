import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { startFront } from './front.ts';

const open: TcpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

const portOf = (server: TcpServer): number => (server.address() as AddressInfo).port;

/** A server whose readiness is `ready()`, and which otherwise returns its name and what it was sent. */
async function target(name: string, ready: () => boolean): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('connection', 'close');
    if (request.url === '/readiness') {
      response.writeHead(ready() ? 200 : 503).end();
      return;
    }
    let sent = '';
    request.on('data', (chunk: Buffer) => (sent += chunk.toString()));
    request.on('end', () => response.end(`${name} ${sent}`));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return server;
}

test('the front stays with a server while it is ready, and then takes the next', async () => {
  let firstIsReady = true;
  const first = await target('first', () => firstIsReady);
  const second = await target('second', () => true);
  const front = await startFront(0, [portOf(first), portOf(second)]);
  open.push(front);
  const ask = async (body: string): Promise<string> => {
    const headers = { connection: 'close' };
    return (await fetch(`http://127.0.0.1:${portOf(front)}/`, { method: 'POST', body, headers })).text();
  };

  expect([await ask('a'), await ask('b')]).toEqual(['first a', 'first b']);
  firstIsReady = false;
  expect(await ask('c')).toBe('second c');
  firstIsReady = true;
  expect(await ask('d')).toBe('second d');
});

test('the front answers 503 when no server is ready', async () => {
  const dead = await target('dead', () => true);
  const port = portOf(dead);
  open.pop();
  dead.close();
  const front = await startFront(0, [port]);
  open.push(front);
  const answer = await fetch(`http://127.0.0.1:${portOf(front)}/`);
  expect([answer.status, await answer.text()]).toEqual([503, 'no server is ready\n']);
});
