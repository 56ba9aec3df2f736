import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { KubeClient } from '../harness/clients/kube-client.ts';
import type { ClusterFault } from './cluster-faults.ts';

/** Decides for each write in a namespace whether the cluster refuses it, and how. */
export type Weather = (write: { method: string; path: string }) => ClusterFault | null;

/** A cluster whose API server refuses the writes that a test chooses. */
export interface FaultyCluster {
  /** Kubeconfig for it, with all rights. */
  kubeconfig: string;
  /** From now on writes to objects of the namespace fail like this; null ends it. */
  set(namespace: string, weather: Weather | null): void;
  close(): Promise<void>;
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Starts it: a proxy before the API server that `kube` uses. */
export async function startFaultyCluster(kube: KubeClient): Promise<FaultyCluster> {
  const weathers = new Map<string, Weather>();
  const folder = mkdtempSync(join(tmpdir(), 'walm-faulty-'));

  function handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url: path = '/' } = incoming;
    const namespace = /\/namespaces\/([^/?]+)/.exec(path)?.[1] ?? '';
    const fault = WRITES.has(method) ? (weathers.get(namespace)?.({ method, path }) ?? null) : null;
    if (fault !== null) {
      incoming.resume();
      incoming.once('end', () => fault.refuse(outgoing));
      return;
    }
    const upstream = kube.forward({ method, path, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    });
    upstream.once('error', () => outgoing.destroy());
    outgoing.once('close', () => upstream.destroy());
    incoming.pipe(upstream);
  }

  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    stringify({
      'current-context': 'faulty',
      contexts: [{ name: 'faulty', context: { cluster: 'faulty', user: 'faulty' } }],
      clusters: [{ name: 'faulty', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'faulty', user: {} }],
    }),
  );
  return {
    kubeconfig,
    set(namespace, weather) {
      if (weather === null) {
        weathers.delete(namespace);
      } else {
        weathers.set(namespace, weather);
      }
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    },
  };
}
