import { readFileSync } from 'node:fs';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';

import { parse } from 'yaml';

/** An object as the API server writes it, as far as tests look at it. */
export interface ClusterObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { uid: string; kind: string; name: string }[];
    creationTimestamp?: string;
    deletionTimestamp?: string;
  };
  [field: string]: unknown;
}

/** One answer of the API server: the status code and the parsed body. */
interface KubeAnswer {
  status: number;
  body: ClusterObject & { items?: ClusterObject[] };
}

/**
 * An independent client of the cluster: speaks to the API server without any code of the product, as the user of the
 * kubeconfig's current context (client certificate or token).
 */
export interface KubeClient {
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<KubeAnswer>;
  /** The object at an API path; undefined if there is none. Any other failure is thrown. */
  find(path: string): Promise<ClusterObject | undefined>;
  list(path: string): Promise<ClusterObject[]>;
  create(path: string, object: unknown): Promise<ClusterObject>;
  remove(path: string): Promise<void>;
  /**
   * Starts a request on behalf of another client with the rights of this one: the caller writes the body, and ends it.
   */
  forward(
    head: { method: string; path: string; headers: IncomingHttpHeaders },
    answered: (answer: IncomingMessage) => void,
  ): ClientRequest;
  close(): void;
}

interface KubeconfigFile {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: Record<string, string | undefined> & { server: string } }[];
  users: { name: string; user: Record<string, string | undefined> }[];
}

export function createKubeClient(kubeconfigPath: string): KubeClient {
  const { server, ca, cert, key, token } = readKubeconfig(kubeconfigPath);
  const agent = new Agent({ keepAlive: true, ca, cert, key });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  function call(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<KubeAnswer> {
    return new Promise((resolve, reject) => {
      const headers = { accept: 'application/json', 'content-type': contentType, ...authorization };
      const outgoing = request(new URL(path, server), { method, agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          try {
            resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) as KubeAnswer['body'] });
          } catch {
            // A path that is not (or no longer) served returns a 404 that is not a Status object.
            if (incoming.statusCode === 404) {
              resolve({ status: 404, body: { apiVersion: 'v1', kind: 'Status', metadata: { name: '' } } });
              return;
            }
            reject(new Error(`${method} ${path} answered ${incoming.statusCode} ${text.slice(0, 200)}`));
          }
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async function succeed(method: string, path: string, body?: unknown): Promise<KubeAnswer['body']> {
    const answer = await call(method, path, body);
    if (answer.status >= 400) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`);
    }
    return answer.body;
  }

  return {
    call,
    async find(path) {
      const answer = await call('GET', path);
      if (answer.status === 404) {
        return undefined;
      }
      if (answer.status >= 400) {
        throw new Error(`GET ${path} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`);
      }
      return answer.body;
    },
    list: async (path) => (await succeed('GET', path)).items ?? [],
    create: (path, object) => succeed('POST', path, object),
    remove: async (path) => {
      await succeed('DELETE', path);
    },
    forward({ method, path, headers }, answered) {
      const own = { ...headers, host: new URL(server).host, ...authorization };
      return request(new URL(path, server), { method, agent, headers: own }, answered);
    },
    close: () => agent.destroy(),
  };
}

function readKubeconfig(path: string) {
  const file = parse(readFileSync(path, 'utf8')) as KubeconfigFile;
  const context = file.contexts.find(({ name }) => name === file['current-context'])?.context;
  const cluster = file.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = file.users.find(({ name }) => name === context?.user)?.user;
  if (!cluster || !user) {
    throw new Error(`${path} has no cluster and user for its current context`);
  }
  const content = (source: Record<string, string | undefined>, field: string): Buffer | undefined => {
    const inline = source[`${field}-data`];
    const file = source[field];
    if (inline !== undefined) {
      return Buffer.from(inline, 'base64');
    }
    return file === undefined ? undefined : readFileSync(file);
  };
  return {
    server: cluster.server,
    ca: content(cluster, 'certificate-authority'),
    cert: content(user, 'client-certificate'),
    key: content(user, 'client-key'),
    token: user['token'],
  };
}
