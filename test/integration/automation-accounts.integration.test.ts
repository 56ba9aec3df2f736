import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { ReleaseInfo } from '../../contract/schemas/release.ts';
import type { TaskInfo } from '../../contract/schemas/task.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { type ChartRepository, startChartRepository } from '../harness/charts/chart-repository.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { allow } from '../harness/clients/service-account.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { createWalmApi, type WalmApi } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type GuardedWalm, startGuardedWalm } from '../harness/trust/guarded-walm.ts';
import { makeTenant } from '../harness/trust/tenant.ts';

// Every server here has its requests checked when it stops: nothing of all this is done with Walm's own power.

const { kubeconfig, auditLog } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const BOT = 'walm-automation';
const ACTING = [`--automation-service-account=${BOT}`, '--rollout-deadline-sec=2'];
/** A right that is back is noticed within three minutes. */
const HEALING = { withinMs: 600_000 };

const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const plain = buildChart('plain', {
  'values.yaml': 'word: still\n',
  'templates/x.yaml': `${map}data: {got: {{ .Values | toJson | quote }}}\n`,
});
const withDeployment = buildChart('rolling', {
  'values.yaml': 'behaviour: ""\n',
  'templates/x.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata:
      labels: {app: "{{ .Release.Name }}"}
      annotations: {sandbox.walm.io/behaviour: "{{ .Values.behaviour }}"}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
`,
});
/** Takes its provider's word, and has a Service once that is `go`. */
const sleeper = buildChart('sleeper', {
  'values.yaml': 'source: {}\n',
  'templates/x.yaml':
    `${map}data: {word: {{ .Values.source.word | default "none" | quote }}}\n---\n` +
    '{{ if eq (.Values.source.word | default "") "go" }}\n' +
    'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Release.Name }}"}\nspec: {ports: [{port: 80}]}\n{{ end }}\n',
});
/** Its hook ends only once there is a ConfigMap `go-on`, if its provider says `go` or it is to be patient. */
const endless = buildChart('endless', {
  'values.yaml': 'source: {}\npatient: false\nhook: pre-upgrade\n',
  'templates/x.yaml': `${map}data: {word: {{ .Values.source.word | default "none" | quote }}}\n`,
  'templates/hook.yaml': `
{{ $waits := or .Values.patient (eq (.Values.source.word | default "") "go") }}
{{ if lookup "v1" "ConfigMap" .Release.Namespace "go-on" }}{{ $waits = false }}{{ end }}
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-step"
  annotations: {helm.sh/hook: "{{ .Values.hook }}", helm.sh/hook-delete-policy: before-hook-creation}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {sandbox.walm.io/complete-after: "{{ if $waits }}5h{{ else }}100ms{{ end }}"}}
    spec: {restartPolicy: Never, containers: [{name: step, image: registry.example/step:1}]}
`,
});

const RELEASES = [
  ['web', 'dependencies'],
  ['broken', 'onFailure'],
] as const;

let repository: ChartRepository;
const running: GuardedWalm[] = [];
let stirs = 0;

beforeAll(async () => {
  repository = await startChartRepository();
  for (const chart of [plain, endless]) repository.add(chart);
});
afterAll(async () => {
  await repository.close();
  kube.close();
});

/** One namespace with its person, on a server. */
interface Place {
  namespace: string;
  walm: GuardedWalm;
  /** The person who asks for everything; asks the server that runs now. */
  api: WalmApi;
  user: string;
  /** A user whose rights stay. */
  watcher: WalmApi;
}

/** The server must be stopped at the end of the test that started it: that is when its requests are judged. */
async function startWalm(systemNamespace: string, flags: readonly string[]): Promise<GuardedWalm> {
  await createNamespace(kube, systemNamespace);
  const repositories = [{ name: 'charts', url: repository.url }];
  const walm = await startGuardedWalm(
    { kube, kubeconfig, auditLog },
    { systemNamespace, repositories, flags: [...flags] },
  );
  running.push(walm);
  return walm;
}
afterAll(async () => {
  for (const walm of running.splice(0)) await walm.stop();
});

async function stop(walm: GuardedWalm): Promise<void> {
  running.splice(running.indexOf(walm), 1);
  await walm.stop();
}

async function placeOn(walm: GuardedWalm, namespace: string): Promise<Place> {
  await createNamespace(kube, namespace);
  const { token, user } = await makeTenant(kube, namespace);
  const watcher = await makeTenant(kube, namespace, 'watcher');
  // A restarted server keeps its address.
  const [api, watching] = [token, watcher.token].map((one) => createWalmApi(walm.server.url, one)) as [
    WalmApi,
    WalmApi,
  ];
  return { namespace, walm, api, user, watcher: watching };
}

const core = (...resources: string[]) => ({ apiGroups: [''], resources, verbs: ['*'] });
const releases = { apiGroups: ['apiextensions.transwarp.io'], resources: ['releaseconfigs'], verbs: ['*'] };
const account = (namespace: string) => ({ namespace, name: BOT });
const botOf = ({ namespace }: Place) => `system:serviceaccount:${namespace}:${BOT}`;
const makeBot = ({ namespace }: Place) =>
  kube.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: BOT } });

const removeBot = ({ namespace }: Place) => kube.remove(`/api/v1/namespaces/${namespace}/serviceaccounts/${BOT}`);

/** Rights beside those that the account has. */
async function bind({ namespace }: Place, role: string): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  const base = `/apis/${group}/v1/namespaces/${namespace}/rolebindings`;
  await kube.create(base, {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: `${BOT}-${role}` },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', ...account(namespace) }],
  });
}

async function pair({ api, namespace }: Place, name: string, chart = sleeper): Promise<void> {
  const source = { name: `${name}-source`, outputs: { word: 'values:word' } };
  await api.mustInstall({ namespace, body: source, archive: plain.bytes });
  await api.mustInstall({ namespace, body: { name, dependencies: { source: source.name } }, archive: chart.bytes });
}

async function wake({ api, namespace }: Place, name: string, word = 'go'): Promise<void> {
  const answer = await api.upgrade({ namespace, body: { name: `${name}-source`, configValues: { word } } });
  expect(answer.status, answer.text).toBe(200);
}

/** A release whose rollout fails, with a reaction that changes its Deployment. */
async function failing({ api, namespace }: Place, name: string): Promise<void> {
  const body = { name, onFailure: 'pause', configValues: { behaviour: 'crash-loop' } };
  await api.mustInstall({ namespace, body, archive: withDeployment.bytes });
}

/** The tasks of a release that run in the name of a user, oldest first. */
async function tasksOf({ api, namespace }: Place, release: string, caller: string): Promise<TaskInfo[]> {
  const { body } = await api.send('GET', '/api/v1/task', { query: { namespace, release } });
  const { items } = body as { items: TaskInfo[] };
  return items.filter((task) => task.caller === caller).toReversed();
}

async function denied(
  { api, namespace }: Place,
  name: string,
  what: 'dependencies' | 'onFailure',
): Promise<ReleaseInfo> {
  return eventually(async () => {
    const { body } = await api.get(namespace, name);
    expect(body.notAllowed?.map((one) => one.what)).toEqual([what]);
    const reason = body.notAllowed?.[0]?.reason;
    const told = what === 'dependencies' ? [['NotAllowed', reason]] : [];
    expect(body.dependencyStatus?.map(({ state, error }) => [state, error]) ?? []).toEqual(told);
    return body;
  });
}

async function followed({ api, namespace }: Place, name: string): Promise<void> {
  await eventually(async () => {
    const { body } = await api.get(namespace, name);
    expect(body.dependencyStatus?.[0]).toMatchObject({ state: 'Current' });
    expect(body.dependenciesConfigValues).toEqual({ source: { word: 'go' } });
    expect(body.notAllowed ?? []).toEqual([]);
  }, HEALING);
}

async function reacted({ api, namespace }: Place, name: string): Promise<void> {
  await eventually(async () => {
    const { body } = await api.get(namespace, name);
    expect(body).toMatchObject({ paused: true });
    expect(body.notAllowed ?? []).toEqual([]);
  }, HEALING);
}

async function replicasOf({ namespace }: Place, name: string): Promise<number | undefined> {
  const found = await kube.find(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  return (found?.['spec'] as { replicas: number } | undefined)?.replicas;
}

/** Other changes beside it, after which the leader has looked at everything again. */
async function stir(place: Place): Promise<void> {
  for (const name of ['a', 'b', 'c'].map((letter) => `stir-${letter}-${(stirs += 1)}`)) {
    await place.api.mustInstall({ namespace: place.namespace, body: { name }, archive: plain.bytes });
  }
  await untilQuiet(place.walm.server.url);
}

test('automation.serviceAccount: what it may not do is tried once, shown, and done once it may', async () => {
  const walm = await startWalm('accounts-walm', ACTING);
  const [weak, absent] = [await placeOn(walm, 'accounts-weak'), await placeOn(walm, 'accounts-absent')];
  await makeBot(weak);
  await allow(kube, account(weak.namespace), weak.namespace, [releases, core('secrets', 'configmaps')]);
  // Its bindings outlive the account, and impersonation does not ask whether it exists.
  await makeTenant(kube, absent.namespace, BOT);
  await removeBot(absent);
  await Promise.all(
    [weak, absent].map(async (place) => {
      await pair(place, 'web');
      await failing(place, 'broken');
      await wake(place, 'web');
    }),
  );

  const web = await denied(weak, 'web', 'dependencies');
  expect(web.notAllowed?.[0]?.reason).toMatch(/services.*bind it to the ClusterRole walm-edit/s);
  expect(web.notAllowed?.[0]?.missing).toMatchObject({ resource: 'services', namespace: weak.namespace });
  const broken = await denied(weak, 'broken', 'onFailure');
  expect(broken.notAllowed?.[0]?.reason).toContain('deployments');
  for (const [name, what] of RELEASES) {
    const [denial] = (await denied(absent, name, what)).notAllowed ?? [];
    expect(denial?.reason).toMatch(new RegExp(`${botOf(absent)}.*no longer exists`));
  }
  await stir(weak);
  for (const [name] of RELEASES) {
    const [only, ...more] = await tasksOf(weak, name, botOf(weak));
    expect(only).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'FORBIDDEN' } });
    expect([more, await tasksOf(absent, name, botOf(absent))]).toEqual([[], []]);
  }
  expect(await kube.find(`/api/v1/namespaces/${weak.namespace}/services/web`)).toBeUndefined();
  for (const place of [weak, absent]) expect(await replicasOf(place, 'broken')).toBe(2);

  await Promise.all([bind(weak, 'edit'), makeBot(absent)]);
  // The next leader looks at once, the same one within three minutes.
  await walm.restart(ACTING);
  for (const place of [weak, absent]) {
    await Promise.all([followed(place, 'web'), reacted(place, 'broken')]);
    for (const [name] of RELEASES) {
      const states = (await tasksOf(place, name, botOf(place))).map(({ state }) => state);
      // A right that was just granted may be unknown to one more attempt.
      expect(states.length).toBeLessThanOrEqual(place === weak ? 3 : 2);
      expect(states.at(-1)).toBe('succeeded');
    }
  }
  await stop(walm);
});

const jobOf = ({ namespace }: Place, name: string) => `/apis/batch/v1/namespaces/${namespace}/jobs/${name}-step`;
const untilInHook = (place: Place, name: string) =>
  eventually(async () => expect(await kube.find(jobOf(place, name))).toBeDefined());
const goOn = ({ namespace }: Place) =>
  kube.create(`/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name: 'go-on' } });

/** Takes the right to releases from an account; returns how it is given back. */
async function unbind({ namespace }: Place, name: string): Promise<() => Promise<unknown>> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${namespace}-${name}`;
  const { metadata, ...binding } = (await kube.find(path))!;
  await kube.remove(path);
  return () => kube.create(path.slice(0, path.lastIndexOf('/')), { ...binding, metadata: { name: metadata.name } });
}

async function losesRight(place: Place): Promise<() => Promise<unknown>> {
  const giveBack = await unbind(place, 'tenant');
  await eventually(async () => expect((await place.api.list(place.namespace)).status).toBe(403));
  return async () => {
    await giveBack();
    await eventually(async () => expect((await place.api.list(place.namespace)).status).toBe(200));
  };
}

/** The task once it has ended, read by the watcher. */
async function ended({ watcher }: Place, id: string): Promise<TaskInfo> {
  return eventually(async () => {
    const { body } = await watcher.task(id);
    expect(body.finishedAt).toBeDefined();
    return body;
  });
}

test('a task that a kill interrupted goes on as who it is for, while they may, and so do steps of projects', async () => {
  const walm = await startWalm('resumed-walm', ACTING);
  const place = await placeOn(walm, 'accounts-resumed');
  const { api, namespace, user } = place;
  await makeTenant(kube, namespace, BOT);
  await pair(place, 'slow', endless);
  await api.mustInstall({ namespace, body: { name: 'mine' }, archive: endless.bytes });
  const ask = async (): Promise<string> => {
    const body = { name: 'mine', configValues: { patient: true } };
    // A right that is back is still denied for the seconds for which a review counts.
    const asked = await eventually(async () => {
      const answer = await api.upgrade({ namespace, body, query: { async: true } });
      expect(answer.status, answer.text).toBe(202);
      return answer;
    });
    await untilInHook(place, 'mine');
    return (asked.body as { task: TaskInfo }).task.id;
  };

  // One that Walm began, and one that a person asked for: both lose their rights while they are in their hooks.
  await wake(place, 'slow');
  await untilInHook(place, 'slow');
  const first = await ask();
  const bindBot = await unbind(place, BOT);
  const giveBack = await losesRight(place);
  await walm.restart(ACTING);
  expect(await ended(place, first)).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'FORBIDDEN' } });
  await giveBack();
  const slow = await denied(place, 'slow', 'dependencies');
  expect(slow.notAllowed?.[0]?.missing).toMatchObject({ verb: 'update', resource: 'releaseconfigs' });
  const refused = await tasksOf(place, 'slow', botOf(place));
  expect(refused).toMatchObject([{ state: 'failed', attempt: 1, error: { code: 'FORBIDDEN' } }]);

  // With their rights they end.
  await kube.remove(jobOf(place, 'mine'));
  const second = await ask();
  await goOn(place);
  await bindBot();
  await walm.restart(ACTING);
  expect(await ended(place, second)).toMatchObject({ state: 'succeeded', attempt: 2, caller: user });
  await followed(place, 'slow');
  expect((await tasksOf(place, 'slow', botOf(place))).at(-1)).toMatchObject({ state: 'succeeded' });

  // The step of a project whose turn comes after the right was lost is refused, and the next one is not asked for.
  await kube.remove(`/api/v1/namespaces/${namespace}/configmaps/go-on`);
  const project = await askForProject(place, 'bad');
  await untilInHook(place, 'bad-a');
  const restore = await losesRight(place);
  await completeHook(place, 'bad-a');
  expect(await ended(place, project)).toMatchObject({ state: 'failed', error: { code: 'FORBIDDEN' } });
  await restore();
  expect(await tasksOf(place, 'bad-b', user)).toMatchObject([{ state: 'failed', error: { code: 'FORBIDDEN' } }]);
  expect(await tasksOf(place, 'bad-c', user)).toEqual([]);
  expect(await kube.find(`/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.bad-b.v1`)).toBeUndefined();
  await stop(walm);
});

/** Asks for a project of three releases, one after the other, which stays in the hook of the first. */
async function askForProject({ api, namespace }: Place, name: string): Promise<string> {
  const first = { name: `${name}-a`, chartName: 'endless', configValues: { patient: true, hook: 'post-install' } };
  const others = [
    { name: `${name}-b`, chartName: 'plain', dependencies: { source: `${name}-a` } },
    { name: `${name}-c`, chartName: 'plain', dependencies: { source: `${name}-b` } },
  ];
  const releasesOf = [first, ...others].map((one) => ({ repoName: 'charts', ...one }));
  const answer = await api.send('POST', `/api/v1/project/${namespace}/name/${name}`, {
    query: { async: true },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ releases: releasesOf }),
  });
  expect(answer.status, answer.text).toBe(202);
  return (answer.body as { task: TaskInfo }).task.id;
}

/** Ends the pod of a hook that would not end by itself. */
async function completeHook(place: Place, name: string): Promise<void> {
  await eventually(async () => {
    const pods = await kube.list(
      `/api/v1/namespaces/${place.namespace}/pods?labelSelector=${encodeURIComponent(`job-name=${name}-step`)}`,
    );
    const [pod] = pods;
    expect(pod).toBeDefined();
    const path = `/api/v1/namespaces/${place.namespace}/pods/${pod!.metadata.name}/status`;
    const patch = { status: { phase: 'Succeeded' } };
    expect((await kube.call('PATCH', path, patch, 'application/merge-patch+json')).status).toBe(200);
    const job = await kube.find(jobOf(place, name));
    expect((job?.['status'] as { succeeded?: number } | undefined)?.succeeded).toBe(1);
  });
}
