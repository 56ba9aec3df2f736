import type { ClusterObject, KubeClient } from '../harness/clients/kube-client.ts';
import type { ApiAnswer, ReleaseOrder, WalmApi } from '../harness/clients/walm-api.ts';

/** A tenant's access to Walm and the cluster; every answer is recorded. */
export interface Ears {
  walm(
    method: string,
    path: string,
    body?: object,
    query?: Record<string, string | number | boolean>,
  ): Promise<ApiAnswer>;
  /** Installs or, with `upsert`, upgrades. */
  install(order: ReleaseOrder): Promise<ApiAnswer>;
  upgrade(order: ReleaseOrder): Promise<ApiAnswer>;
  kube(method: string, path: string, body?: unknown, contentType?: string): Promise<ClusterObject | undefined>;
  list(path: string): Promise<ClusterObject[]>;
}

/** What the tenant received and must not. */
export interface Heard {
  ears: Ears;
  /** Answers that contained a canary, and internal errors of Walm. */
  problems: string[];
  /** Number of answers, by `Walm 403` and the like. */
  counts: Map<string, number>;
}

/** Different in each answer: the same fault is reported once. */
const REQUEST_ID = /"requestId": "[^"]*",?\s*/;

/** Statuses with which Walm may fail: something else is busy or unavailable. */
const EXCUSED = new Set([502, 503, 504]);

/** How long a tenant waits for a change: the default for a project is longer than a game. */
const PATIENCE_SEC = 10;

/** `canaryIn` returns the secret that occurs in a text, or null. */
export function createEars(api: WalmApi, kube: KubeClient, canaryIn: (text: string) => string | null): Heard {
  const problems: string[] = [];
  const counts = new Map<string, number>();
  function hear(who: string, what: string, status: number, text: string): void {
    const key = `${who} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const canary = canaryIn(text);
    if (canary !== null) problems.push(`${what} told the secret ${canary}: ${text.slice(0, 400)}`);
    if (who === 'Walm' && status >= 500 && !EXCUSED.has(status)) {
      problems.push(`${what} answered ${status} ${text.replace(REQUEST_ID, '').slice(0, 400)}`);
    }
  }
  async function heard(what: string, call: Promise<ApiAnswer>): Promise<ApiAnswer> {
    const answer = await call;
    hear('Walm', what, answer.status, answer.text);
    return answer;
  }
  return {
    problems,
    counts,
    ears: {
      walm(method, path, body, query = {}) {
        const headers = { 'content-type': 'application/json' };
        const asked = method === 'GET' ? query : { timeoutSec: PATIENCE_SEC, ...query };
        const sent = body === undefined ? { query: asked } : { query: asked, body: JSON.stringify(body), headers };
        return heard(`${method} ${path}`, api.send(method, path, sent));
      },
      install: (order) => heard(`the install of ${order.namespace}/${order.body.name}`, api.install(order)),
      upgrade: (order) => heard(`the upgrade of ${order.namespace}/${order.body.name}`, api.upgrade(order)),
      async kube(method, path, body, contentType) {
        const answer = await kube.call(method, path, body, contentType);
        hear('cluster', `${method} ${path}`, answer.status, JSON.stringify(answer.body));
        return answer.status < 400 ? answer.body : undefined;
      },
      async list(path) {
        const answer = await kube.call('GET', path);
        hear('cluster', `GET ${path}`, answer.status, JSON.stringify(answer.body));
        return answer.body.items ?? [];
      },
    },
  };
}
