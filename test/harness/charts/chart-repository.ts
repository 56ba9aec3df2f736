import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { stringify } from 'yaml';

import type { ChartArchive } from './chart-builder.ts';

/** A classic chart repository on loopback, filled by the test. */
export interface ChartRepository {
  url: string;
  /** Adds a chart and lists it in index.yaml; `absolute` writes its full URL there. */
  add(chart: ChartArchive, options?: { absolute?: boolean }): void;
  /** Serves any bytes under any path, or redirects to an URL: for repositories that misbehave. */
  put(path: string, content: string | Buffer | { redirectTo: string }): void;
  /** Requested paths, in order, with the Authorization header of each request. */
  requests: { path: string; authorization?: string }[];
  close(): Promise<void>;
}

interface IndexEntry {
  apiVersion: string;
  name: string;
  version: string;
  digest: string;
  urls: string[];
  created: string;
}

/** Port, TLS and credentials of the repository: with `credentials` every request without them gets a 401. */
interface RepositoryOptions {
  /** A free port of 127.0.0.1 when left out. */
  port?: number;
  credentials?: { username: string; password: string };
  /** PEM of a certificate for 127.0.0.1 and of its key: https instead of http. */
  tls?: { cert: string; key: string };
}

export async function startChartRepository({
  port = 0,
  credentials,
  tls,
}: RepositoryOptions = {}): Promise<ChartRepository> {
  const files = new Map<string, string | Buffer | { redirectTo: string }>();
  const entries: Record<string, IndexEntry[]> = {};
  const requests: ChartRepository['requests'] = [];
  const expected =
    credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;

  const answer: RequestListener = (incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const authorization = incoming.headers.authorization;
    requests.push(authorization === undefined ? { path } : { path, authorization });
    const content = path === '/index.yaml' ? (files.get(path) ?? index(entries)) : files.get(path);
    if (expected && authorization !== expected) {
      outgoing.writeHead(401).end('who are you?');
    } else if (content === undefined) {
      outgoing.writeHead(404).end('not here');
    } else if (typeof content === 'object' && 'redirectTo' in content) {
      outgoing.writeHead(302, { location: content.redirectTo }).end();
    } else {
      outgoing.writeHead(200).end(content);
    }
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    requests,
    add({ name, version, bytes, digest }, { absolute = false } = {}) {
      const file = `charts/${name}-${version}.tgz`;
      files.set(`/${file}`, bytes);
      const entry = { apiVersion: 'v2', name, version, digest, created: '2026-01-01T00:00:00Z' };
      entries[name] = [{ ...entry, urls: [absolute ? `${url}/${file}` : file] }, ...(entries[name] ?? [])];
    },
    put: (path, content) => files.set(path, content),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function index(entries: Record<string, IndexEntry[]>): string {
  return stringify({ apiVersion: 'v1', generated: '2026-01-01T00:00:00Z', entries }, { aliasDuplicateObjects: false });
}
