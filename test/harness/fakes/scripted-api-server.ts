import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** One request that the server received; `body` is the JSON text, empty if there was none. */
export interface ScriptedRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server that answers like an API server, according to a script. */
export interface ScriptedApiServer {
  /** Kubeconfig for this server. */
  kubeconfig: string;
  requests: ScriptedRequest[];
  close(): Promise<void>;
}

/** Answers one request; it may leave the response open, as a watch does. */
export type Script = (request: ScriptedRequest, response: ServerResponse) => void;

/** Writes an answer of the API server. */
export function answer(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** An error in the form of the API server. */
export function statusBody(code: number, reason: string, message = reason): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}

/** Starts the server; each request goes to the next of the scripts, and all further requests to the last one. */
export async function startScriptedApiServer(...scripts: Script[]): Promise<ScriptedApiServer> {
  const requests: ScriptedRequest[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'walm-scripted-'));
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url: new URL(url, 'http://api'), headers, body: Buffer.concat(chunks).toString() };
      const script = scripts[Math.min(requests.length, scripts.length - 1)];
      requests.push(request);
      script?.(request, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = { server: `http://127.0.0.1:${address.port}`, 'insecure-skip-tls-verify': true };
  writeFileSync(
    kubeconfig,
    stringify({
      'current-context': 'scripted',
      contexts: [{ name: 'scripted', context: { cluster: 'scripted', user: 'scripted' } }],
      clusters: [{ name: 'scripted', cluster }],
      users: [{ name: 'scripted', user: { token: 'canary-token' } }],
    }),
  );
  return {
    kubeconfig,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    },
  };
}
