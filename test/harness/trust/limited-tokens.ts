import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

/** The attribute of a token that limits it. A slash, as in real ones, has to survive headers and paths. */
export const SCOPES = 'scopes.example.com/allowed';

/** Whose a token is: a user of the cluster, and what the token may be used for; without scopes for everything. */
export interface ScopedToken {
  user: string;
  groups: readonly string[];
  /** `read`: nothing is changed with it. `no-services`: it does not reach Services. */
  scopes?: readonly ('read' | 'no-services')[];
}

/** What a SubjectAccessReview asks. */
interface Review {
  spec: {
    token?: string;
    extra?: Record<string, string[]>;
    resourceAttributes?: { verb?: string; group?: string; resource?: string };
  };
}

/**
 * An identity provider whose tokens can be limited, as those of OpenShift or of an OIDC provider with scopes: one
 * webhook says whose a token is, another one denies what its scopes leave out, and RBAC decides about the rest. Both are
 * files for a sandbox (`StartOptions`).
 */
export interface LimitedTokens {
  tokenWebhook: string;
  authorizationConfig: string;
  /** Makes a token known. */
  add(token: string, owner: ScopedToken): void;
  close(): Promise<void>;
}

const READING = new Set(['get', 'list', 'watch']);

/** Starts it on a free port of 127.0.0.1, without any token. */
export async function startLimitedTokens(): Promise<LimitedTokens> {
  const owners = new Map<string, ScopedToken>();
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then((review) => {
      const isToken = incoming.url?.startsWith('/token') === true;
      const status = isToken ? identity(owners, review) : judgement(review);
      const [apiVersion, kind] = isToken
        ? ['authentication.k8s.io/v1', 'TokenReview']
        : ['authorization.k8s.io/v1', 'SubjectAccessReview'];
      outgoing.setHeader('content-type', 'application/json');
      outgoing.end(JSON.stringify({ apiVersion, kind, status }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'walm-limited-tokens-'));
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, stringify(content), { mode: 0o600 });
    return path;
  };
  const webhook = (path: string) => ({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'webhook', cluster: { server: `http://127.0.0.1:${port}/${path}` } }],
    users: [{ name: 'webhook', user: {} }],
    contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'webhook' } }],
    'current-context': 'webhook',
  });
  const rights = file('rights.yaml', webhook('rights'));
  return {
    tokenWebhook: file('token.yaml', webhook('token')),
    authorizationConfig: file('authorization.yaml', authorizationConfig(rights)),
    add: (token, owner) => void owners.set(token, owner),
    async close() {
      rmSync(folder, { recursive: true, force: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks the webhook about scoped identities only; RBAC decides about all others. */
function authorizationConfig(kubeConfigFile: string): object {
  const webhook = {
    timeout: '10s',
    authorizedTTL: '1s',
    unauthorizedTTL: '1s',
    subjectAccessReviewVersion: 'v1',
    matchConditionSubjectAccessReviewVersion: 'v1',
    failurePolicy: 'Deny',
    connectionInfo: { type: 'KubeConfigFile', kubeConfigFile },
    matchConditions: [{ expression: `has(request.extra) && '${SCOPES}' in request.extra` }],
  };
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthorizationConfiguration',
    authorizers: [
      { type: 'Webhook', name: 'scopes', webhook },
      { type: 'RBAC', name: 'rbac' },
    ],
  };
}

async function read(incoming: IncomingMessage): Promise<Review> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Review;
}

function identity(owners: ReadonlyMap<string, ScopedToken>, { spec }: Review): object {
  const owner = owners.get(spec.token ?? '');
  if (owner === undefined) return { authenticated: false };
  const { user: username, groups, scopes } = owner;
  return { authenticated: true, user: { username, groups, ...(scopes && { extra: { [SCOPES]: scopes } }) } };
}

/** A denial, or no opinion. */
function judgement({ spec: { extra, resourceAttributes } }: Review): object {
  const scopes = extra?.[SCOPES] ?? [];
  const { verb = '', group = '', resource = '' } = resourceAttributes ?? {};
  const isQuestion = group === 'authorization.k8s.io';
  const isDenied =
    (scopes.includes('read') && !READING.has(verb) && !isQuestion) ||
    (scopes.includes('no-services') && resource === 'services');
  return isDenied
    ? { allowed: false, denied: true, reason: `the token is limited to ${scopes.join()}` }
    : { allowed: false };
}
