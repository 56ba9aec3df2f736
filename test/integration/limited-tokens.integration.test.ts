import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient, type KubeClient } from '../harness/clients/kube-client.ts';
import { documentedRoles } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, problemOf, type WalmApi } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type AuditEvent, auditLogEnd, readAuditLog } from '../harness/trust/audit-log.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { type LimitedTokens, SCOPES, startLimitedTokens } from '../harness/trust/limited-tokens.ts';
import { SECURITY_GUIDE } from '../harness/trust/own-identity.ts';

// A sandbox of its own, because only its API server knows tokens with scopes.
const [own, system] = ['limited-own', 'limited-walm'] as const;
const USER = 'ann@example.com';
const GROUP = 'limited-developers';
/** Three tokens of one user: RBAC gives all of them the same, and their scopes take from two of them. */
const tokens = { full: undefined, reader: ['read'], narrow: ['no-services'] } as const;
type Token = keyof typeof tokens;
const as = {} as Record<Token, WalmApi>;

const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const plain = buildChart('plain', { 'templates/x.yaml': `${map}data: {got: {{ .Values | toJson | quote }}}\n` }).bytes;
const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Release.Name }}"}\nspec: {ports: [{port: 80}]}\n';
/** Has a Service as soon as its provider says `go`. */
const sleeper = buildChart('sleeper', {
  'templates/x.yaml':
    `${map}data: {word: {{ .Values.source.word | default "none" | quote }}}\n---\n` +
    `{{ if eq (.Values.source.word | default "") "go" }}\n${service}{{ end }}\n`,
  'values.yaml': 'source: {}\n',
}).bytes;
const nosy = buildChart('nosy', {
  'templates/x.yaml': `${map}data: {seen: {{ lookup "v1" "Service" "${own}" "" | toJson | quote }}}\n`,
}).bytes;

const closers: (() => Promise<unknown> | void)[] = [];
let provider: LimitedTokens;
let kube: KubeClient;
let walm: GuardedWalm;
let auditLog: string;

beforeAll(async () => {
  provider = await startLimitedTokens();
  closers.push(() => provider.close());
  const sandbox = await startSandbox(1, { webhooks: provider });
  closers.push(sandbox.stop);
  auditLog = sandbox.handle.auditLog!;
  kube = createKubeClient(sandbox.handle.kubeconfig);
  closers.push(() => kube.close());
  for (const name of [own, system]) await createNamespace(kube, name);
  await bindGroup();
  walm = await startGuardedWalm({ kube, ...sandbox.handle }, { systemNamespace: system });
  closers.push(() => walm.stop());
  for (const [name, scopes] of Object.entries(tokens) as [Token, (typeof tokens)[Token]][]) {
    provider.add(`token-${name}`, { user: USER, groups: [GROUP, 'system:authenticated'], ...(scopes && { scopes }) });
    as[name] = createWalmApi(walm.server.url, `token-${name}`);
  }
});
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** `edit` and `walm-edit` for the group of the user. */
async function bindGroup(): Promise<void> {
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name: 'walm-edit' };
  const rules = documentedRoles(SECURITY_GUIDE)['walm-edit']?.rules;
  await kube.create(`/apis/${rbac}/v1/clusterroles`, {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata,
    rules,
  });
  for (const name of ['edit', 'walm-edit']) {
    await kube.create(`/apis/${rbac}/v1/namespaces/${own}/rolebindings`, {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ apiGroup: rbac, kind: 'Group', name: GROUP }],
    });
  }
}

const order = (name: string, archive = plain) => ({ namespace: own, body: { name }, archive });

/** Everything that the server asked about the user, or did as them, since an offset of the audit log. */
async function aboutUser(from: number): Promise<{ reviews: AuditEvent[]; deeds: AuditEvent[] }> {
  const { events } = await readAuditLog(auditLog, from, (event) => isReview(event) || event.impersonated === USER);
  return {
    reviews: events.filter((event) => isReview(event) && specOf(event).user === USER),
    deeds: events.filter(({ impersonated }) => impersonated === USER),
  };
}

const isReview = ({ resource, verb }: AuditEvent): boolean => resource === 'subjectaccessreviews' && verb === 'create';
const specOf = ({ request }: AuditEvent) =>
  (request as { spec: { user: string; extra?: Record<string, string[]>; resourceAttributes: object } }).spec;

/**
 * Runs something; afterwards all reviews and impersonated requests must have had exactly these scopes. Returns the number
 * of reviews: none where all rights have been asked for a moment ago.
 */
async function withScopes(scopes: readonly string[] | undefined, run: () => Promise<void>): Promise<number> {
  await untilQuiet(walm.server.url);
  const from = auditLogEnd(auditLog);
  await run();
  await untilQuiet(walm.server.url);
  const { reviews, deeds } = await aboutUser(from);
  // Without a single one, the log would show nothing.
  expect(deeds.length).toBeGreaterThan(0);
  const extra = scopes === undefined ? undefined : { [SCOPES]: scopes };
  for (const review of reviews) expect(specOf(review).extra, JSON.stringify(specOf(review))).toEqual(extra);
  for (const deed of deeds) expect(deed.extra, `${deed.verb} ${deed.uri}`).toEqual(extra);
  return reviews.length;
}

describe('a token that is limited by extra', () => {
  test('is not taken for a full one, nor a full one for it, whichever asked before', async () => {
    await as.full.mustInstall(order('web'));
    for (const round of [1, 2, 3]) {
      const refused = await as.reader.upgrade({ namespace: own, body: { name: 'web', configValues: { round } } });
      expect(refused.status, refused.text).toBe(403);
      expect(problemOf(refused)).toMatchObject({ code: 'FORBIDDEN', details: { user: USER, verb: 'update' } });
      const done = await as.full.upgrade({ namespace: own, body: { name: 'web', configValues: { round } } });
      expect(done.status, done.text).toBe(200);
      expect((await as.reader.get(own, 'web')).body).toMatchObject({ name: 'web', version: round + 1 });
    }
  });

  test('is told what it may do by its limits', async () => {
    const allowed = async (token: Token): Promise<boolean | undefined> => {
      const { body } = await as[token].send('GET', '/api/v1/access', { query: { namespace: own } });
      const { operations } = body as { operations: { operation: string; allowed: boolean }[] };
      return operations.find(({ operation }) => operation === 'pauseRelease')?.allowed;
    };
    expect([await allowed('full'), await allowed('reader'), await allowed('full')]).toEqual([true, false, true]);
  });

  test('has its limits in every review and every request that is made for it', async () => {
    const reviews = await withScopes(['no-services'], async () => {
      await as.narrow.mustInstall(order('noted'));
      const path = `/api/v1/release/${own}/name/noted`;
      expect((await as.narrow.send('GET', `${path}/drift`)).status).toBe(200);
      expect((await as.narrow.send('GET', `${path}/history`)).status).toBe(200);
      expect((await as.narrow.remove(own, 'noted')).status).toBe(200);
    });
    expect(reviews).toBeGreaterThan(0);
    await withScopes(undefined, async () => {
      await as.full.mustInstall(order('noted'));
    });
  });

  test('is held to its limits by the cluster at each step: objects of a chart, and lookup', async () => {
    const withService = buildChart('served', { 'templates/x.yaml': service }).bytes;
    const refused = await as.narrow.install(order('served', withService));
    expect(refused.status, refused.text).toBe(403);
    expect(problemOf(refused).errMessage).toContain('the token is limited to no-services');
    const looked = await as.narrow.dryRun(order('nosy', nosy));
    expect(looked.status, looked.text).toBeGreaterThanOrEqual(400);
    expect(looked.text).toContain('the token is limited to no-services');
    await as.full.mustInstall(order('served', withService));
    expect((await as.full.dryRun(order('nosy', nosy))).status).toBe(200);
  });

  test('limits what Walm does later by itself for what it made, until a full one makes it', async () => {
    const source = { name: 'source', configValues: { word: 'still' }, outputs: { word: 'values:word' } };
    await as.full.mustInstall({ namespace: own, body: source, archive: plain });
    await as.narrow.mustInstall({
      namespace: own,
      body: { name: 'after', dependencies: { source: 'source' } },
      archive: sleeper,
    });
    await untilQuiet(walm.server.url);
    const from = auditLogEnd(auditLog);
    await as.full.upgrade({ namespace: own, body: { name: 'source', configValues: { word: 'go' } } });
    await eventually(async () => {
      const { body } = await as.full.get(own, 'after');
      expect(body.dependencyStatus?.[0]?.state).toBe('NotAllowed');
      expect(body.notAllowed?.[0]?.reason).toContain('the token is limited to no-services');
    });
    expect(await kube.find(`/api/v1/namespaces/${own}/services/after`)).toBeUndefined();
    const { reviews, deeds } = await aboutUser(from);
    const scopes = JSON.stringify({ [SCOPES]: tokens.narrow });
    expect(reviews.some((review) => JSON.stringify(specOf(review).extra) === scopes)).toBe(true);
    const touched = deeds.filter(({ uri }) => uri.includes('/after') || uri.includes('.after.'));
    expect(touched.length).toBeGreaterThan(0);
    // The release that a full token changed is the other one.
    for (const { verb, uri, extra } of touched) expect(JSON.stringify(extra), `${verb} ${uri}`).toBe(scopes);

    const made = await as.full.upgrade({ namespace: own, body: { name: 'after' } });
    expect(made.status, made.text).toBe(200);
    expect(await kube.find(`/api/v1/namespaces/${own}/services/after`)).toBeDefined();
    await eventually(async () => {
      const { body } = await as.full.get(own, 'after');
      expect(body.dependencyStatus?.[0]?.state).toBe('Current');
      expect(body.notAllowed ?? []).toEqual([]);
    });
  });
});
