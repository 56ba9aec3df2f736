import type { Operation } from '../../contract/operations/parts/operation.ts';
import { type OperationId, operations } from '../../contract/operations/operations.ts';
import type { JsonValue } from '../../contract/schemas/json.ts';
import { eventually } from '../harness/eventually.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { goodChart } from './good-chart.ts';
import { goodRequests } from './good-requests.ts';
import type { WireRequest } from './mutate-request.ts';
import { sendWire, type WireAnswer } from './wire.ts';

/** A client with its own namespace, that sends one request after the other. */
export interface Lane {
  namespace: string;
  /** Creates what the operation needs if an earlier request removed it, and returns a good request of the operation. */
  prepare(id: OperationId): Promise<WireRequest>;
  /** Sends the request, and waits until its task has ended. */
  ask(id: OperationId, wire: WireRequest): Promise<WireAnswer>;
  /** Deletes every release of the namespace; returns what could not be deleted, a line each. */
  clear(): Promise<string[]>;
  /** Failures of tasks in the namespace that are defects of Walm, a line each. */
  defects(): Promise<string[]>;
}

/** Objects of the cluster that the test has made for reads; the node and the class are the sandbox's. */
export const SITTING = {
  node: 'sandbox-0',
  class: 'standard',
  pod: 'sitting',
  secret: 'sitting',
  claim: 'sitting',
} as const;

const RELEASE = 'keeper';
const PROVIDER = 'provider';
/** How long a task may take that a test waits for; a longer one is cancelled. */
const MAX_TASK_MS = 15_000;
/** A mistake must not make a test wait for a client's long timeout. */
const SOON: Readonly<Record<string, string>> = { timeoutSec: '20', operationTimeoutSec: '10' };

/** `namespace` exists, and the server manages it; `image` is a chart in a registry. */
export function createLane(url: string, namespace: string, image: string): Lane {
  const api = createWalmApi(url);
  let made = 0;
  let task = 'none';

  async function prepare(id: OperationId): Promise<WireRequest> {
    const row: Operation = operations[id];
    const { path = {}, query = {}, body } = goodRequests[id];
    made += 1;
    const names: Record<string, string> = {
      namespace,
      release: RELEASE,
      provider: PROVIDER,
      fresh: `fresh-${made}`,
      project: `project-${made}`,
      repo: 'stable',
      revision: '1',
      image,
      task,
      ...SITTING,
    };
    const known = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, `{${name}}`] as const);
    const filled = fill({ path: { ...Object.fromEntries(known), ...path }, query, body: body ?? null }, names);
    const parts = filled as unknown as Required<Pick<WireRequest, 'path' | 'query' | 'body'>>;
    const limits = Object.entries(SOON).filter(([name]) => Object.hasOwn(row.query ?? {}, name));
    await ensure(row, parts.path);
    return {
      path: parts.path,
      query: { ...Object.fromEntries(limits), ...parts.query },
      ...(row.body !== undefined && { body: parts.body }),
      ...(row.body?.kind === 'chart-form' && { archive: goodChart.bytes }),
    };
  }

  async function ensure(row: Operation, { release, project }: Record<string, string>): Promise<void> {
    const isAboutRelease = release !== undefined || row.method === 'PUT';
    const names = isAboutRelease || row.body !== undefined ? [PROVIDER, ...(isAboutRelease ? [RELEASE] : [])] : [];
    for (const name of names) await ensureRelease(api, namespace, name);
    if (project !== undefined && (row.body === undefined || row.method === 'PUT')) {
      const member = { name: `of-${project}`, repoName: 'stable', chartName: goodChart.name };
      const sent = await api.send('POST', `/api/v1/project/${namespace}/name/${project}`, {
        body: JSON.stringify({ releases: [member] }),
        headers: { 'content-type': 'application/json' },
      });
      if (sent.status !== 200) throw new Error(`the project could not be made: ${sent.status} ${sent.text}`);
    }
  }

  return {
    namespace,
    prepare,
    async ask(id, wire) {
      const answer = await sendWire(url, operations[id], wire);
      const taskId = answer.headers['walm-task-id'];
      if (typeof taskId === 'string') {
        task = taskId;
        await untilEnded(api, taskId);
      }
      return answer;
    },
    async clear() {
      const left = await removeSecrets(api, namespace);
      const { body } = await api.list(namespace);
      const tried = body.items.map(async ({ name }) => {
        const { status, text } = await api.remove(namespace, name, {
          force: true,
          deletePvcs: true,
          ignoreNotFound: true,
        });
        return status === 200 ? [] : [`${namespace}/${name} stays: ${status} ${text.slice(0, 500)}`];
      });
      return [...left, ...(await Promise.all(tried)).flat()];
    },
    async defects() {
      const { body } = await api.send('GET', '/api/v1/task', { query: { namespace } });
      const { items } = body as { items: { id: string; error?: { code: string; message: string } }[] };
      return items
        .filter(({ error }) => error?.code === 'INTERNAL')
        .map(({ id, error }) => `task ${id} failed with ${error?.message}`);
    },
  };
}

/** Removes Secrets that requests have made: those of releases go with them. */
async function removeSecrets(api: WalmApi, namespace: string): Promise<string[]> {
  const { body } = await api.send('GET', `/api/v1/secret/${namespace}`);
  const { items } = body as { items: { name: string }[] };
  const made = items.filter(({ name }) => name !== SITTING.secret);
  const tried = made.map(async ({ name }) => {
    const { status, text } = await api.send('DELETE', `/api/v1/secret/${namespace}/name/${name}`);
    return status === 200 ? [] : [`Secret ${namespace}/${name} stays: ${status} ${text.slice(0, 500)}`];
  });
  return (await Promise.all(tried)).flat();
}

async function ensureRelease(api: WalmApi, namespace: string, name: string): Promise<void> {
  const { status, body: found } = await api.get(namespace, name);
  if (status === 200) {
    // An earlier request may have paused it, and not everything can be done with a paused release.
    if (found.paused) await api.send('POST', `/api/v1/release/${namespace}/name/${name}/recover`);
    return;
  }
  const body = { name, repoName: 'stable', chartName: goodChart.name, releaseLabels: { tier: 'web' } };
  await api.mustInstall({ namespace, body });
}

async function untilEnded(api: WalmApi, id: string): Promise<void> {
  const isEnded = async (): Promise<void> => {
    const { status, body } = await api.task(id);
    if (status === 200 && ['queued', 'running'].includes(body.state)) throw new Error(`task ${id} is ${body.state}`);
  };
  try {
    await eventually(isEnded, { withinMs: MAX_TASK_MS });
  } catch {
    await api.send('POST', `/api/v1/task/${id}/cancel`);
    await eventually(isEnded);
  }
}

function fill(value: JsonValue, names: Readonly<Record<string, string>>): JsonValue {
  if (typeof value === 'string') {
    return value.replaceAll(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole);
  }
  if (Array.isArray(value)) {
    return value.map((entry) => fill(entry, names));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, names)]))
    : value;
}
