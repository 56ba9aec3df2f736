import { createServer, type Server } from 'node:http';
import { once } from 'node:events';

import { MALFORMED_ARCHIVES } from '../../harness/charts/malformed-archives.ts';
import { chartForm } from '../../harness/clients/walm-api.ts';
import type { Attack, HostileStage } from '../attack.ts';

/** Addresses inside a cluster or a cloud, in notations that a careless check does not recognise. */
const INSIDE = [
  '169.254.169.254',
  '[::ffff:169.254.169.254]',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '[fe80::1]',
  '0.0.0.0',
  'metadata.google.internal',
];

/** A registry on loopback that notes the credentials of each request, and redirects it. */
async function listening(note: (line: string) => void, location: string): Promise<Server> {
  const server = createServer((request, response) => {
    note(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(302, { location }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function askInside({ attacker, fresh }: HostileStage): Promise<void> {
  for (const host of INSIDE) {
    for (const scheme of ['oci://', 'oci+http://']) {
      const body = JSON.stringify({ name: fresh('inside'), chartImage: `${scheme}${host}/latest/meta-data:1` });
      const headers = { 'content-type': 'application/json' };
      const path = `/api/v1/release/${attacker.namespace}/dryrun`;
      const { status, text } = await attacker.api.send('POST', path, { body, headers });
      if (status < 400 || status === 500) throw new Error(`${scheme}${host} answered ${status} ${text.slice(0, 300)}`);
    }
  }
}

async function followAway({ attacker, fresh }: HostileStage): Promise<void> {
  const notes: string[] = [];
  const server = await listening((line) => notes.push(line), 'http://169.254.169.254/latest/meta-data');
  try {
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const body = JSON.stringify({ name: fresh('away'), chartImage: `oci+http://127.0.0.1:${port}/charts/x:1.0.0` });
    const headers = { 'content-type': 'application/json' };
    const path = `/api/v1/release/${attacker.namespace}/dryrun`;
    const { status, text } = await attacker.api.send('POST', path, { body, headers });
    if (status < 400 || status === 500) throw new Error(`a redirect inwards answered ${status} ${text.slice(0, 300)}`);
    const told = notes.find((line) => /Bearer|Basic/.test(line));
    if (told !== undefined) throw new Error(`a foreign registry was told credentials: ${told.slice(0, 60)}`);
  } finally {
    server.close();
  }
}

/**
 * A registry that never ends its answers, named by two accounts of one namespace, an accomplice of another one, and a
 * caller without any right: what belongs to configured repositories goes on.
 */
async function drip({ attacker, accomplice, stranger, over }: HostileStage): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'docker-distribution-api-version': 'registry/2.0',
      'content-type': 'application/vnd.oci.image.manifest.v1+json',
      'content-length': '100000',
    });
    response.write('{');
    const tick = setInterval(() => response.write(' '), 1_000);
    response.on('close', () => clearInterval(tick));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const asked = [attacker.api, accomplice.api, stranger.api].flatMap((api) =>
    Array.from({ length: 4 }, async (_, i) => {
      const image = `oci+http://127.0.0.1:${port}/a/b${i}:1.0.0`;
      const { status } = await api.send('GET', '/api/v1/chart/image', { query: { 'chart-image': image } });
      if (status < 400 || status === 500) throw new Error(`an answer without an end answered ${status}`);
    }),
  );
  try {
    await Promise.race([Promise.all(asked), once(over, 'abort')]);
  } finally {
    server.closeAllConnections();
    server.close();
    await Promise.allSettled(asked);
  }
}

async function sendArchives({ attacker, fresh }: HostileStage): Promise<void> {
  for (const { what, bytes } of MALFORMED_ARCHIVES) {
    const body = chartForm({ name: fresh('bad') }, bytes());
    const path = `/api/v1/release/${attacker.namespace}/dryrun/withchart`;
    const { status, text } = await attacker.api.send('POST', path, { body });
    if (status < 400 || status === 500) throw new Error(`${what} answered ${status} ${text.slice(0, 300)}`);
  }
}

/** Chart sources and archives. */
export const attacks: readonly Attack[] = [
  { name: 'names registries inside of the network', run: askInside },
  { name: 'is a registry that sends Walm inwards', run: followAway },
  { name: 'is a registry whose answers drip, for many callers', run: drip },
  {
    name: 'sends every archive that is none: links, paths outside, bombs, lies',
    once: true,
    run: sendArchives,
  },
];
