import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { Operation } from '../../contract/operations/parts/operation.ts';
import { type OperationId, operations } from '../../contract/operations/operations.ts';
import type { AccessOverview } from '../../contract/schemas/access-overview.ts';
import type { Session } from '../../contract/schemas/session.ts';
import { small, waits, works } from '../access/access-charts.ts';
import { accessTable, identities, type Identity, type Outcome } from '../access/access-table.ts';
import { CLUSTER_DEEDS, deedsIn, type Deed } from '../access/deeds.ts';
import { restingTraces, traces } from '../access/traces.ts';
import { fixtureChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { eventually } from '../harness/eventually.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { allow, allowEverywhere, documentedRoles, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import type { KnownException } from '../harness/trust/own-deeds.ts';
import { SECURITY_GUIDE } from '../harness/trust/own-identity.ts';
import { chartForm, createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';

const { kubeconfig, auditLog, registry } = inject('surroundings');
const documented = documentedRoles(SECURITY_GUIDE);
const rulesOf = (role: string) => documented[role]?.rules ?? [];
const kube = createKubeClient(kubeconfig);
const namespaces = ['table-own', 'table-other', 'walm-table'] as const;
const [own, other, system] = namespaces;
const core = { apiGroups: [''], resources: ['secrets', 'configmaps', 'services', 'pods'], verbs: ['*'] };
const workloads = {
  apiGroups: ['apps', 'batch'],
  resources: ['deployments', 'deployments/scale', 'jobs'],
  verbs: ['*'],
};
/** By decision record 0020: charts are fetched with the credentials labelled in the namespace. */
const credentials: KnownException = {
  because:
    'credentials of repositories are read by Walm for who may install in the namespace, and never leave the engine',
  is: ({ verb, resource, namespace, uri }) =>
    verb === 'list' &&
    resource === 'secrets' &&
    namespace === own &&
    new URL(uri, 'https://api').searchParams.get('labelSelector')?.startsWith('walm.io/credential') === true,
};
/** Requests that are sent at the same time. */
const AT_ONCE = 8;

let walm: GuardedWalm;
let repository: ChartRepository;
let task: string;
const as = {} as Record<Identity, WalmApi>;
const tokens: Partial<Record<Identity, string>> = {};

beforeAll(async () => {
  await Promise.all(namespaces.map((name) => createNamespace(kube, name)));
  for (const name of ['powerless', 'viewer', 'editor', 'neighbour', 'single', 'cluster-viewer', 'admin'] as const) {
    tokens[name] = await serviceAccountToken(kube, { namespace: own, name });
  }
  tokens.stranger = `${tokens.editor!.slice(0, -4)}AAAA`;
  const account = (name: Identity) => ({ namespace: own, name });
  await allow(kube, account('viewer'), own, rulesOf('walm-view'));
  await allow(kube, account('editor'), own, [...rulesOf('walm-edit'), core, workloads]);
  await allow(kube, account('neighbour'), other, [...rulesOf('walm-edit'), core]);
  const one = { apiGroups: ['apiextensions.transwarp.io'], resources: ['releaseconfigs'], resourceNames: ['web'] };
  await allow(kube, account('single'), own, [{ ...one, verbs: ['get'] }]);
  await allowEverywhere(kube, account('cluster-viewer'), rulesOf('walm-view'));
  await allowEverywhere(kube, account('admin'), [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  await shareKeys();
  repository = await startChartRepository();
  repository.add(small);
  repository.add(works);
  const repositories = [{ name: 'stable', url: repository.url }];
  walm = await startGuardedWalm(
    { kube, kubeconfig, auditLog },
    { systemNamespace: system, repositories, known: [credentials] },
  );
  for (const name of Object.keys(identities) as Identity[]) {
    as[name] = createWalmApi(walm.server.url, tokens[name]);
  }
  const installed = await as.admin.mustInstall({ namespace: own, body: { name: 'web' }, archive: small.bytes });
  task = installed.headers.get('walm-task-id') ?? '';
  const second = { name: 'web', configValues: { second: true } };
  done(await as.admin.upgrade({ namespace: own, body: second }));
  await as.admin.mustInstall({ namespace: other, body: { name: 'theirs' }, archive: small.bytes });
  const project = await as.admin.send('POST', `/api/v1/project/${own}/name/shop`, {
    body: JSON.stringify({ releases: [{ name: 'one', repoName: 'stable', chartName: 'small' }] }),
    headers: { 'content-type': 'application/json' },
  });
  done(project);
  await createObjects();
});
afterAll(async () => {
  kube.close();
  await repository?.close();
  await walm?.stop();
});

/** What reads of the cluster find. */
async function createObjects(): Promise<void> {
  const at = `/api/v1/namespaces/${own}`;
  await kube.create(`${at}/secrets`, { metadata: { name: 'table-secret' }, stringData: { a: 'b' } });
  await kube.create(`${at}/persistentvolumeclaims`, {
    metadata: { name: 'table-claim' },
    spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  await kube.create(`${at}/pods`, {
    metadata: { name: 'table-pod' },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  });
  await eventually(async () => {
    const { body } = await as.admin.send('GET', `/api/v1/pod/${own}/name/table-pod`);
    if ((body as { phase?: string }).phase !== 'Running') throw new Error('the pod does not run yet');
  });
}

function done({ status, text }: Seen): void {
  if (status !== 200) throw new Error(`the fixture could not be made: ${status} ${text}`);
}

/** Two servers on one cluster share the keys of the existing one, so that both see the same data as unchanged. */
async function shareKeys(): Promise<void> {
  const keys = await kube.list('/api/v1/namespaces/walm-system/secrets');
  for (const { apiVersion, kind, metadata, data, type } of keys.filter(({ metadata: { name } }) =>
    name.endsWith('key'),
  )) {
    await kube.create(`/api/v1/namespaces/${system}/secrets`, {
      apiVersion,
      kind,
      type,
      metadata: { name: metadata.name },
      data,
    });
  }
}

type Try = { id: OperationId; identity: Identity; expected: Outcome };
const tries: Try[] = (Object.keys(accessTable) as OperationId[]).flatMap((id) =>
  (Object.entries(accessTable[id].outcomes) as [Identity, Outcome][]).map(([identity, expected]) => ({
    id,
    identity,
    expected,
  })),
);

type Seen = { status: number; body: unknown; text: string };

type Asked = Deed & Pick<Try, 'identity'>;

async function send({ id, identity }: Pick<Try, 'id' | 'identity'>): Promise<Seen> {
  const { query, body, path } = accessTable[id];
  return ask({ id, identity, ...(query && { query }), ...(body && { body }), ...(path && { path }) });
}

async function ask({ id, identity, query = {}, body, path = {}, archive = small.bytes }: Asked): Promise<Seen> {
  const row: Operation = operations[id];
  const values: Record<string, string> = {
    namespace: own,
    release: 'web',
    project: 'shop',
    repo: 'stable',
    chart: 'small',
    image: `oci+http://${registry}/charts/umbrella:${fixtureChart('umbrella').version}`,
    revision: '1',
    task,
    node: 'sandbox-0',
    pod: 'table-pod',
    secret: 'table-secret',
    claim: 'table-claim',
    class: 'standard',
    tenant: own,
    ...path,
  };
  const filled = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const address = filled(row.path);
  query = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, filled(String(value))]));
  if (id === 'streamEvents') {
    return statusOfStream(address, identity);
  }
  if (row.body?.kind === 'chart-form') {
    return as[identity].send(row.method, address, { query, body: chartForm(body as { name: string }, archive) });
  }
  const json =
    row.body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return as[identity].send(row.method, address, { query, ...json });
}

/** A stream does not end by itself: its status line has the result. */
async function statusOfStream(address: string, identity: Identity): Promise<Seen> {
  const token = tokens[identity];
  const stop = new AbortController();
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${walm.server.url}${address}`, { headers, signal: stop.signal });
  const text = answer.status === 200 ? '' : await answer.text();
  stop.abort();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), text };
}

/** Differences from the table, a line each; a few requests at a time. */
async function disagreements(list: readonly Try[]): Promise<string[]> {
  const found: string[] = [];
  const open = [...list];
  const work = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const seen = await send(next);
      const reason = disagreement(next, seen);
      if (reason !== null)
        found.push(`${next.id} as ${next.identity}: ${reason}; ${seen.status} ${seen.text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found.toSorted();
}

function disagreement({ id, identity, expected }: Try, { status, body }: Seen): string | null {
  const { code } = (body ?? {}) as { code?: string };
  switch (expected) {
    case 'unauthenticated':
      return status === 401 && code === 'UNAUTHENTICATED' ? null : 'has to be 401';
    case 'forbidden':
      return status === 403 && code === 'FORBIDDEN' ? null : 'has to be 403';
    case 'answered':
      // A change that is allowed ends in a conflict on purpose, so that the fixture stays unchanged.
      return status < 300 || (operations[id].method !== 'GET' && ![401, 403].includes(status) && status < 500)
        ? null
        : 'has to be answered';
    case 'filtered': {
      type Shown = { namespace?: string; data?: { namespace: string } };
      const { items, nodes } = (body ?? {}) as Partial<Record<'items' | 'nodes', Shown[]>>;
      const visible = { viewer: own, editor: own, neighbour: other }[identity as string];
      const shown = [...new Set((items ?? nodes ?? []).map(({ namespace, data }) => namespace ?? data?.namespace))];
      return status === 200 && shown.every((namespace) => namespace === visible)
        ? null
        : `may show ${visible ?? 'nothing'}`;
    }
    default:
      return expected satisfies never;
  }
}

describe('the table of operations and identities', () => {
  test('who may not is refused, and leaves nothing behind', async () => {
    const refused = tries.filter(({ expected }) => expected === 'unauthenticated' || expected === 'forbidden');
    const before = await restingTraces(kube, namespaces);
    expect(await disagreements(refused)).toEqual([]);
    expect(await traces(kube, namespaces)).toEqual(before);
    expect(refused.length).toBeGreaterThan(150);
  });

  test('who may sees what the table says', async () => {
    const allowed = tries.filter(({ expected }) => expected === 'answered' || expected === 'filtered');
    expect(await disagreements(allowed)).toEqual([]);
  });

  test('lists tell everything of what the caller may list', async () => {
    const names = async (identity: Identity) =>
      (await as[identity].list()).body.items.map(({ name }) => name).toSorted();
    expect(await names('viewer')).toEqual(['one', 'web']);
    expect(await names('neighbour')).toEqual(['theirs']);
    expect(await names('powerless')).toEqual([]);
    expect(await names('admin')).toEqual(expect.arrayContaining(['one', 'theirs', 'web']));
  });
});

describe('what a caller may do', () => {
  const access = async (identity: Identity, query: Record<string, string | number>) =>
    (await as[identity].send('GET', '/api/v1/access', { query })).body as AccessOverview;

  test.each(['powerless', 'viewer', 'editor', 'neighbour', 'cluster-viewer', 'admin'] as const)(
    'is told to %s as the table says',
    async (identity) => {
      const { operations: judged, everything } = await access(identity, { namespace: own });
      expect(everything).toBe(false);
      const told = judged.map(({ operation, allowed }) => `${operation} ${allowed}`);
      const wanted = judged.map(({ operation }) => {
        const outcome = accessTable[operation as OperationId].outcomes[identity];
        // What is open to everyone asks for the right to list only with a namespace.
        const lists = accessTable.listNamespaceReleases.outcomes[identity] === 'answered';
        const row: Operation = operations[operation as OperationId];
        const isAsked = row.access.kind === 'visible' && 'namespace' in (row.query ?? {});
        return `${operation} ${isAsked ? lists : outcome !== 'forbidden'}`;
      });
      expect(told).toEqual(wanted);
      for (const { allowed, missing, reason } of judged) {
        expect([missing === undefined, reason === undefined]).toEqual([allowed, allowed]);
        // Rights in the whole cluster have no namespace, and some are in that of Walm.
        expect([own, system, '']).toContain(missing?.namespace ?? own);
      }
    },
  );

  test('names the namespaces in which one may list or install, and no other', async () => {
    const namespaces = async (identity: Identity) => {
      const all = (await access(identity, { limit: 500 })).namespaces;
      return all.map(({ name, list, install }) => `${name} ${list} ${install}`);
    };
    expect(await namespaces('powerless')).toEqual([]);
    expect(await namespaces('single')).toEqual([]);
    expect(await namespaces('viewer')).toEqual([`${own} true false`]);
    expect(await namespaces('editor')).toEqual([`${own} true true`]);
    expect(await namespaces('neighbour')).toEqual([`${other} true true`]);
    expect(await namespaces('cluster-viewer')).toEqual(
      expect.arrayContaining([`${other} true false`, `${own} true false`]),
    );
    const seen = await namespaces('admin');
    expect(seen).toEqual(expect.arrayContaining([`${other} true true`, `${own} true true`]));
    expect(seen.filter((line) => line.startsWith(system))).toEqual([]);
    const page = await access('admin', { limit: 1 });
    expect([page.namespaces.length, page.continue]).toEqual([1, page.namespaces[0]?.name]);
  });

  test('who one is, is told with a token that the cluster knows, and how to sign in to everyone', async () => {
    const session = async (identity: Identity) => (await as[identity].send('GET', '/api/v1/session')).body as Session;
    const known = await session('powerless');
    expect(known.caller?.user).toBe(`system:serviceaccount:${own}:powerless`);
    expect(known.caller?.groups).toContain(`system:serviceaccounts:${own}`);
    expect(known).toMatchObject({ auth: { mode: 'kubernetes' }, versions: { api: 'v1' } });
    expect(known.versions.kubernetes).toEqual(expect.any(String));
    for (const identity of ['nobody', 'stranger'] as const) {
      expect(await session(identity)).toEqual({ ...known, caller: null });
    }
  });

  test('a list of many names is not a namespace', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `ns-${index}`).join(',');
    const answer = await as.editor.send('GET', '/api/v1/access', { query: { namespace: names } });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'QUERY_INVALID']);
  });
});

describe('every change that the contract has', () => {
  const deeds = deedsIn(own);

  // What Walm did of it in its own name is looked at when the server stops.
  test('succeeds for who may do no more than it takes', async () => {
    const identity = 'editor';
    for (const { path, ...deed } of deeds) {
      const { status, text } = await ask({ identity, ...deed, path: { release: 'worked', ...path } });
      expect([deed.id, status, status === 200 ? '' : text]).toEqual([deed.id, 200, '']);
    }
    for (const deed of CLUSTER_DEEDS) {
      const { status, text } = await ask({ identity: 'admin', ...deed });
      expect([deed.id, status, status === 200 ? '' : text]).toEqual([deed.id, 200, '']);
    }
    const query = { async: true };
    const waiting = { id: 'installReleaseWithChart', query, body: { name: 'waiting' }, archive: waits.bytes } as const;
    const { body } = await ask({ identity, ...waiting });
    const cancelled = await ask({
      id: 'cancelTask',
      identity,
      path: { task: (body as { task: { id: string } }).task.id },
    });
    expect([cancelled.status, cancelled.text]).toEqual([200, expect.any(String)]);
    const done = new Set<string>([...[...deeds, ...CLUSTER_DEEDS].map(({ id }) => id), waiting.id, 'cancelTask']);
    expect(
      Object.entries(operations).flatMap(([id, { method }]) => (method === 'GET' || done.has(id) ? [] : id)),
    ).toEqual([]);
  });
});
