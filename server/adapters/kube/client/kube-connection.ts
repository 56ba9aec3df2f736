import { Agent as HttpAgent, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions, type RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node';

/**
 * Which cluster, and as whom: a kubeconfig file (and one of its contexts), the pod's service account, or kubectl's
 * defaults.
 */
export type KubeTarget = { kubeconfig?: string; context?: string; inCluster?: boolean };

/** What a request to the API server needs besides its path. */
export type KubeAccess = { agent: HttpAgent | HttpsAgent; headers: OutgoingHttpHeaders };

/** A cluster's address and credentials, and its keep-alive connections. */
export type KubeConnection = {
  /** Address of the API server; may include a path. */
  server: URL;
  /** Current credentials: files and tokens that rotate are read again every few seconds. */
  access(): Promise<KubeAccess>;
  /** Uses new connections from now on; requests in flight continue. For when the old connections may be dead. */
  renew(): void;
  /** Closes every connection. */
  close(): void;
};

const CREDENTIALS_FRESH_MS = 10_000;
/** Below the API server's own limit (90 s), so that no request is sent into a connection that it just closed. */
const IDLE_SOCKET_MS = 60_000;
const TLS_FIELDS = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'servername', 'rejectUnauthorized'] as const;

function loadConfig(target: KubeTarget): KubeConfig {
  const config = new KubeConfig();
  if (target.inCluster === true) {
    config.loadFromCluster();
  } else if (target.kubeconfig === undefined) {
    config.loadFromDefault();
  } else {
    config.loadFromFile(target.kubeconfig);
  }
  if (target.context !== undefined) {
    config.setCurrentContext(target.context);
  }
  return config;
}

function tlsKey(options: RequestOptions): string {
  return JSON.stringify(TLS_FIELDS.map((field) => options[field]));
}

/**
 * Parsing certificates takes milliseconds, and a burst of requests opens a hundred connections: they are parsed once.
 */
function createHttpsAgent(pool: AgentOptions): HttpsAgent {
  return new HttpsAgent({ ...pool, secureContext: createSecureContext(pool) });
}

/**
 * Reads the kubeconfig and prepares connections; nothing is sent yet. Throws if the file cannot be read or has no
 * cluster for the context.
 */
export function createKubeConnection(target: KubeTarget): KubeConnection {
  const config = loadConfig(target);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const context = target.context ?? config.getCurrentContext();
    throw new Error(`the kubeconfig has no cluster for the context "${context}"; name one that it has`);
  }
  const server = new URL(cluster.server);
  let current: { access: Promise<KubeAccess>; readAt: number } | undefined;
  let pooled: { key: string; agent: HttpAgent | HttpsAgent } | undefined;

  function agentFor(options: RequestOptions): HttpAgent | HttpsAgent {
    if (cluster?.proxyUrl !== undefined && options.agent instanceof HttpAgent) {
      return options.agent;
    }
    const key = tlsKey(options);
    if (pooled?.key !== key) {
      pooled?.agent.destroy();
      const pool: AgentOptions = { keepAlive: true, timeout: IDLE_SOCKET_MS };
      for (const field of TLS_FIELDS) {
        Object.assign(pool, options[field] === undefined ? {} : { [field]: options[field] });
      }
      pooled = { key, agent: server.protocol === 'http:' ? new HttpAgent(pool) : createHttpsAgent(pool) };
    }
    return pooled.agent;
  }

  async function readAccess(): Promise<KubeAccess> {
    const options: RequestOptions = { headers: {} };
    await config.applyToHTTPSOptions(options);
    const headers: OutgoingHttpHeaders = { ...(options.headers as OutgoingHttpHeaders) };
    if (typeof options.auth === 'string') {
      headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    }
    return { agent: agentFor(options), headers };
  }

  return {
    server,
    access() {
      const now = performance.now();
      if (current === undefined || now - current.readAt > CREDENTIALS_FRESH_MS) {
        const access = readAccess();
        current = { access, readAt: now };
        access.catch(() => (current = undefined));
      }
      return current.access;
    },
    renew() {
      const idle = Object.values(pooled?.agent.freeSockets ?? {}).flatMap((sockets) => sockets ?? []);
      idle.forEach((socket) => socket.destroy());
      pooled = undefined;
      current = undefined;
    },
    close: () => pooled?.agent.destroy(),
  };
}
