import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { Repository, RepositoryList } from '../../contract/schemas/charts/chart-list.ts';
import type { RepositoryRemoval } from '../../contract/schemas/charts/repository-request.ts';
import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { allow, allowEverywhere, serviceAccountToken } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';
import { startWalmServer, type WalmServer } from '../harness/programs/walm-server.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';

const { kubeconfig, auditLog } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const [namespace, other, system] = ['repositories', 'repositories-b', 'walm-repositories'] as const;
const folder = mkdtempSync(join(tmpdir(), 'walm-repositories-'));
const auditFile = join(folder, 'audit.jsonl');
const LOGIN = { username: 'reader', password: 'canary-of-the-repository' };
const chart = buildChart('plain', {
  'templates/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
});
const SECRETS = `/api/v1/namespaces/${system}/secrets`;

let walm: GuardedWalm;
let replica: WalmServer;
let source: ChartRepository;
/** May add and remove repositories, install in `namespace`, and nothing else. */
let keeper: WalmApi;
let admin: WalmApi;
/** Has a token, and no right. */
let anyone: WalmApi;
/** The administrator at the second replica. */
let elsewhere: WalmApi;

const send = (api: WalmApi, method: string, path: string, body?: object, query = {}): Promise<ApiAnswer> =>
  api.send(method, `/api/v1/${path}`, {
    query,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const refusal = async (...request: Parameters<typeof send>) => {
  const answer = await send(...request);
  return [answer.status, problemOf(answer).code];
};
const listed = async (api: WalmApi) =>
  ((await send(api, 'GET', 'chart/repolist')).body as RepositoryList).items.map(({ repoName }) => repoName);

beforeAll(async () => {
  await Promise.all([namespace, other, system].map((name) => createNamespace(kube, name)));
  const account = (name: string) => ({ namespace, name });
  const [adminToken, keeperToken, anyToken] = await Promise.all(
    ['admin', 'keeper', 'anyone'].map((name) => serviceAccountToken(kube, account(name))),
  );
  await allowEverywhere(kube, account('admin'), [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  await allow(kube, account('keeper'), system, [
    { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'delete'] },
  ]);
  await allow(kube, account('keeper'), namespace, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  source = await startChartRepository({ credentials: LOGIN });
  source.add(chart);
  const flags = [`--audit-file=${auditFile}`];
  walm = await startGuardedWalm(
    { kube, kubeconfig, auditLog },
    { systemNamespace: system, flags, repositories: [{ name: 'fixed', url: source.url }] },
  );
  replica = await startWalmServer({
    kubeconfig,
    flags: ['--auth-mode=kubernetes', `--kubernetes-system-namespace=${system}`],
  });
  [admin, keeper, anyone] = [adminToken, keeperToken, anyToken].map((token) =>
    createWalmApi(walm.server.url, token),
  ) as [WalmApi, WalmApi, WalmApi];
  elsewhere = createWalmApi(replica.url, adminToken);
});
afterAll(async () => {
  await replica?.stop();
  await source?.close();
  kube.close();
  await walm?.stop();
  rmSync(folder, { recursive: true });
});

test('a repository is added in the name of the caller, read, and known to every replica', async () => {
  const added = await send(keeper, 'POST', 'chart/repo', { name: 'team', url: source.url, ...LOGIN });
  expect(added.status, added.text).toBe(200);
  expect(added.body as Repository).toMatchObject({ repoName: 'team', origin: 'runtime', reachable: true, charts: 1 });
  const secret = await kube.find(`${SECRETS}/walm-repository-team`);
  expect(secret?.['type']).toBe('walm.io/repository.v1');
  await eventually(async () => expect(await listed(elsewhere)).toContain('team'));
  const charts = await send(elsewhere, 'GET', 'chart/team/list');
  expect(charts.body).toMatchObject({ items: [{ chartName: 'plain' }] });
  const { status, text } = await send(anyone, 'GET', 'chart/repolist');
  expect(status).toBe(200);
  expect(added.text + text).not.toContain(LOGIN.password);
  expect(await refusal(keeper, 'POST', 'chart/repo', { name: 'team', url: source.url })).toEqual([
    409,
    'REPOSITORY_EXISTS',
  ]);
});

test('a release is installed from it, with its credentials', async () => {
  const body = { name: 'web', repoName: 'team', chartName: 'plain' };
  const installed = await send(keeper, 'POST', `release/${namespace}`, body);
  expect(installed.status, installed.text).toBe(200);
  const theirs = await send(admin, 'POST', `release/${other}`, body);
  expect(theirs.status, theirs.text).toBe(200);
  // Another repository at the same address has no credentials: those of the first are not its own.
  const fixed = await send(admin, 'POST', `release/${other}`, { ...body, name: 'fixed', repoName: 'fixed' });
  expect([fixed.status, problemOf(fixed).code]).toEqual([422, 'REPOSITORY_UNAUTHORIZED']);
});

test('a release tells of a newer version once an index was read, and lists ask nobody', async () => {
  const newerOf = async (path: string) =>
    ((await send(keeper, 'GET', path)).body as Pick<ReleaseInfo, 'newerVersion'>).newerVersion;
  const path = `release/${namespace}/name/web`;
  expect(await newerOf(path)).toBeNull();
  for (const version of ['1.9.0', '1.10.0', '2.0.0-rc.1']) source.add(buildChart('plain', {}, version));
  await send(anyone, 'POST', 'chart/repo/team/check');
  await eventually(async () => expect(await newerOf(path)).toEqual({ repoName: 'team', version: '1.10.0' }));
  expect(await newerOf(`${path}?view=summary`)).toEqual({ repoName: 'team', version: '1.10.0' });
  const asked = source.requests.length;
  const { items } = (await send(keeper, 'GET', `release/${namespace}`)).body as { items: ReleaseInfo[] };
  expect(items.map(({ name, newerVersion }) => [name, newerVersion?.version])).toEqual([['web', '1.10.0']]);
  expect(source.requests.length).toBe(asked);
  const upgraded = await send(keeper, 'PUT', `release/${namespace}`, { name: 'web', chartVersion: '1.10.0' });
  expect(upgraded.status, upgraded.text).toBe(200);
  expect(await newerOf(path)).toBeNull();
});

test('nobody adds or removes one without the right, and nothing is left of what fails', async () => {
  const wanted = { name: 'more', url: source.url, ...LOGIN };
  expect(await refusal(anyone, 'POST', 'chart/repo', wanted)).toEqual([403, 'FORBIDDEN']);
  expect(await refusal(anyone, 'DELETE', 'chart/repo/team')).toEqual([403, 'FORBIDDEN']);
  expect(await refusal(keeper, 'POST', 'chart/repo', { name: 'more', url: source.url })).toEqual([
    422,
    'REPOSITORY_UNAUTHORIZED',
  ]);
  const metadata = { ...wanted, url: 'http://169.254.169.254/charts' };
  expect(await refusal(keeper, 'POST', 'chart/repo', metadata)).toEqual([422, 'ADDRESS_REFUSED']);
  expect(await refusal(keeper, 'POST', 'chart/repo', { ...wanted, name: 'inspect' })).toEqual([
    422,
    'REPOSITORY_INVALID',
  ]);
  expect(await refusal(keeper, 'POST', 'chart/repo', wanted, { chek: 'false' })).toEqual([400, 'QUERY_UNKNOWN']);
  expect(await listed(admin)).toEqual(['fixed', 'team']);
});

test('a check says what is wrong now', async () => {
  const unread = await send(
    keeper,
    'POST',
    'chart/repo',
    { name: 'gone', url: 'http://127.0.0.1:1' },
    { check: false },
  );
  expect(unread.body as Repository).toMatchObject({ reachable: null, checkedAt: null });
  const checked = await send(anyone, 'POST', 'chart/repo/gone/check');
  expect(checked.status, checked.text).toBe(200);
  expect(checked.body as Repository).toMatchObject({ reachable: false, repoName: 'gone' });
  expect(await refusal(anyone, 'POST', 'chart/repo/none/check')).toEqual([404, 'REPOSITORY_NOT_FOUND']);
  expect((await send(keeper, 'DELETE', 'chart/repo/gone')).body as RepositoryRemoval).toEqual({
    repoName: 'gone',
    releases: 0,
    warnings: [],
  });
});

test('Secrets that somebody else wrote are checked, and break nothing', async () => {
  const write = (name: string, stringData: object) =>
    kube.create(SECRETS, { metadata: { name }, type: 'walm.io/repository.v1', stringData });
  await write('walm-repository-own', { url: source.url, ...LOGIN });
  await write('walm-repository-fixed', { url: 'http://127.0.0.1:1' });
  await write('walm-repository-odd', { url: 'file:///etc/passwd' });
  await write('another-name', { url: source.url });
  await write('walm-repository-huge', { url: source.url, password: 'x'.repeat(400_000) });
  await eventually(async () => expect(await listed(admin)).toEqual(['fixed', 'own', 'team']));
  // The name belongs to the configuration.
  const { items } = (await send(admin, 'GET', 'chart/repolist')).body as RepositoryList;
  expect(items[0]).toMatchObject({ repoName: 'fixed', origin: 'configuration', repoUrl: source.url });
  expect(await refusal(keeper, 'DELETE', 'chart/repo/fixed')).toEqual([409, 'REPOSITORY_READ_ONLY']);
  await eventually(async () => expect((await send(keeper, 'DELETE', 'chart/repo/huge')).status).toBe(200));
  expect(await kube.find(`${SECRETS}/walm-repository-huge`)).toBeUndefined();
});

test('removing one says which releases named it, as far as one may see them', async () => {
  const removal = (await send(keeper, 'DELETE', 'chart/repo/team')).body as RepositoryRemoval;
  expect(removal.releases).toBe(2);
  expect(removal.warnings).toMatchObject([{ message: expect.stringContaining(`${namespace}/web`) }, { count: 1 }]);
  expect(JSON.stringify(removal)).not.toContain(other);
  expect(await refusal(keeper, 'DELETE', 'chart/repo/team')).toEqual([404, 'REPOSITORY_NOT_FOUND']);
  await eventually(async () => expect(await listed(elsewhere)).not.toContain('team'));
  expect(await kube.find(`${SECRETS}/walm-repository-team`)).toBeUndefined();
  expect((await send(keeper, 'GET', `release/${namespace}/name/web`)).status).toBe(200);
});

test('changes are in the audit log, with the repository and without its credentials', () => {
  const text = readFileSync(auditFile, 'utf8');
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
  const of = (what: string, repository: string) =>
    lines.filter((line) => line['what'] === what && line['repository'] === repository);
  expect(of('addRepository', 'team')[0]).toMatchObject({ result: 'succeeded', who: expect.stringContaining('keeper') });
  expect(of('removeRepository', 'team').map(({ result }) => result)).toContain('refused');
  expect(text).not.toContain(LOGIN.password);
});
