import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import {
  type Known,
  RELEASE_ACTIONS,
  type ReleaseAction,
  releaseCan,
  type Verdict,
} from '../../contract/release-can.ts';
import { absentRelease, type JudgedRelease } from '../../contract/release-standing.ts';
import type { ChangePreview } from '../../contract/operations/parts/change-preview.ts';
import type { RevisionList } from '../../contract/schemas/release-history.ts';
import type { TaskInfo, TaskList } from '../../contract/schemas/task.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createRecordEditor, type RecordPayload } from '../harness/clients/helm-record.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { type ApiAnswer, createWalmApi, problemOf } from '../harness/clients/walm-api.ts';
import { eventually } from '../harness/eventually.ts';

const { kubeconfig, server } = inject('surroundings');
const kube = createKubeClient(kubeconfig);
const api = createWalmApi(server);
const records = createRecordEditor(kube);
const namespace = 'can';
/** A release whose records are copied: its name is nowhere else in them. */
const MODEL = 'the-model';

/** Has a test, and on demand a hook that never ends where nothing runs Jobs, and an object that no cluster takes. */
const chart = buildChart('judged', {
  'values.yaml': 'hangs: false\nbad: false\nn: 0\n',
  'templates/plain.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}{{ if .Values.bad }}_{{ end }}"}
data: {n: "{{ .Values.n }}"}
`,
  'templates/test.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-test", annotations: {helm.sh/hook: test}}
`,
  'templates/hook.yaml': `{{ if .Values.hangs }}
apiVersion: batch/v1
kind: Job
metadata: {name: "{{ .Release.Name }}-hook", annotations: {helm.sh/hook: pre-upgrade}}
spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: job, image: job:1}]}}}
{{ end }}`,
}).bytes;
/** Is never ready. */
const unready = buildChart('unready', {
  'templates/claim.yaml': `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: "{{ .Release.Name }}"}
spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
}).bytes;
/** Has no test. */
const untested = buildChart('untested', {
  'templates/plain.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
}).bytes;

const post = (name: string, verb: string, query = {}) =>
  api.send('POST', `/api/v1/release/${namespace}/name/${name}/${verb}`, { query });
const upgrade = (name: string, configValues: Record<string, unknown>, query = {}) =>
  api.upgrade({ namespace, body: { name, configValues }, query });

async function done(answer: Promise<ApiAnswer>): Promise<void> {
  const { status, text } = await answer;
  if (status >= 300) throw new Error(`the fixture could not be made: ${status} ${text}`);
}

async function refusedFor(answer: Promise<ApiAnswer>): Promise<void> {
  const { status, text } = await answer;
  if (status < 400) throw new Error(`the fixture should have failed: ${status} ${text}`);
}

/** A release of revisions 1 and 2. */
async function deployed(name: string): Promise<void> {
  await api.mustInstall({ namespace, body: { name }, archive: chart });
  await done(upgrade(name, { n: 2 }));
}

/** A record as another Helm client writes it: that of a release of this test, without what Walm notes. */
async function write(
  name: string,
  revision: number,
  from: { of: string; revision: number },
  info: object,
  more: object = {},
): Promise<void> {
  const payload = records.payloadOf(await records.read(namespace, from.of, from.revision));
  const foreign = payload.manifest.split('---\n').filter((text) => !text.includes('kind: ReleaseConfig'));
  const isOwn = name === from.of && revision === from.revision;
  const changed = {
    ...payload,
    version: revision,
    ...(!isOwn && { manifest: foreign.join('---\n') }),
    info: { ...(payload['info'] as object), last_deployed: new Date().toISOString(), ...info },
    ...more,
  };
  const renamed = JSON.stringify(changed).replaceAll(from.of, name);
  await records.write(namespace, name, revision, JSON.parse(renamed) as RecordPayload);
}

type State = { make: (name: string) => Promise<void>; holds: (release: JudgedRelease) => boolean };

/** How the states of the table are brought about, by its letters, and how one tells that they are there. */
const states = {
  A: { make: () => Promise.resolve(), holds: ({ status, task }) => status === '' && task === undefined },
  I: {
    make: (name) =>
      done(
        api.install({
          namespace,
          body: { name, dependencies: { store: 'never' } },
          archive: chart,
          query: { async: true },
        }),
      ),
    holds: ({ status, task }) => status === '' && task?.state === 'running',
  },
  F: {
    make: async (name) => {
      await refusedFor(api.install({ namespace, body: { name, configValues: { bad: true } }, archive: chart }));
    },
    holds: ({ status, task }) => status === '' && task?.state === 'failed',
  },
  C: {
    make: async (name) => {
      await deployed(name);
      await done(upgrade(name, { hangs: true }, { async: true }));
    },
    // Its hook runs: the revision is there, and pending.
    holds: ({ task }) => task?.state === 'running' && task.progress?.phase === 'hooks',
  },
  L: {
    make: async (name) => {
      await deployed(name);
      await write(name, 3, { of: name, revision: 2 }, { status: 'pending-upgrade' });
    },
    holds: ({ attempt }) => attempt?.status === 'pending-upgrade',
  },
  R: { make: deployed, holds: ({ version, attempt }) => version === 2 && attempt === undefined },
  X: {
    make: async (name) => {
      await deployed(name);
      await refusedFor(upgrade(name, { bad: true }));
    },
    holds: ({ version, attempt }) => version === 2 && attempt?.status === 'failed',
  },
  P: {
    make: async (name) => {
      await deployed(name);
      await done(post(name, 'pause'));
    },
    holds: ({ paused }) => paused,
  },
  H: {
    make: async (name) => {
      await write(name, 1, { of: MODEL, revision: 1 }, { status: 'superseded' });
      await write(name, 2, { of: MODEL, revision: 1 }, { status: 'deployed' });
    },
    holds: ({ version, outside }) => version === 2 && outside?.managed === false,
  },
  O: {
    make: async (name) => {
      await api.mustInstall({ namespace, body: { name }, archive: chart });
      // The watch reports the newer record first.
      await write(name, 2, { of: name, revision: 1 }, { status: 'deployed' });
      await write(name, 1, { of: name, revision: 1 }, { status: 'superseded' });
    },
    holds: ({ version, outside }) => version === 2 && outside?.managed === true,
  },
} satisfies Record<string, State>;
type Letter = keyof typeof states;
const letters = Object.keys(states) as Letter[];

/** The release as a GET shows it. */
async function shown(name: string): Promise<JudgedRelease> {
  const answer = await api.get(namespace, name);
  return answer.status === 404 ? absentRelease(namespace, name) : answer.body;
}

async function inState(letter: Letter, name: string): Promise<JudgedRelease> {
  return eventually(async () => {
    const release = await shown(name);
    if (!states[letter].holds(release)) {
      const { version, status, attempt, outside, task, paused, message } = release;
      const is = JSON.stringify({ version, status, attempt, outside, task, paused, message });
      throw new Error(`${name} is not in state ${letter}: ${is}`);
    }
    return release;
  });
}

async function made(letter: Letter, name: string): Promise<void> {
  await states[letter].make(name);
  await inState(letter, name);
}

/** What the other answers tell of a release. */
async function knownOf(name: string, action: ReleaseAction): Promise<Known> {
  if (action === 'rollback') {
    const { status, body } = await api.send('GET', `/api/v1/release/${namespace}/name/${name}/history`);
    return status === 200 ? { revisions: (body as RevisionList).items } : {};
  }
  if (action === 'cancel') {
    const { body } = await api.send('GET', '/api/v1/task', { query: { namespace, release: name } });
    const [task] = (body as TaskList).items;
    return task === undefined ? {} : { task };
  }
  return {};
}

/** How the real operation answers, in the terms of a judgement. */
type Came = { can: Verdict['can']; code?: string; reason?: string };

function refusal(answer: ApiAnswer, prefix = /^failed to [^:]*: /): Came {
  const { code, errMessage } = problemOf(answer);
  return { can: 'no', code, reason: errMessage.replace(prefix, '') };
}

/** A change that is sent for real: it is refused, has nothing to do, waits, or is done. */
async function sent(letter: Letter, answer: ApiAnswer): Promise<Came> {
  if (answer.status >= 400) {
    return refusal(answer);
  }
  const id = answer.headers.get('walm-task-id');
  if (id === null) {
    return { can: 'nothing' };
  }
  const task = await eventually(async () => {
    const { body } = await api.task(id);
    // Where another client holds the release the task begins, and says what it waits for.
    if (letter === 'L') {
      expect(body.finishedAt !== undefined || body.progress?.phase === 'wait').toBe(true);
    } else if (letter !== 'C' && letter !== 'I') {
      expect(body.finishedAt).toBeDefined();
    }
    return body;
  });
  if (task.finishedAt !== undefined) {
    return task.error === undefined ? { can: 'yes' } : { can: 'no', code: task.error.code, reason: task.error.message };
  }
  const cancelled = await api.send('POST', `/api/v1/task/${id}/cancel`);
  expect(cancelled.status, cancelled.text).toBe(200);
  return { can: 'waits', ...(letter === 'L' && { reason: task.progress?.message ?? '' }) };
}

/** What is foretold of a change that would be done. */
function foretold(answer: ApiAnswer): Came {
  if (answer.status >= 400) {
    return refusal(answer);
  }
  const { refused } = answer.body as ChangePreview;
  return refused === undefined ? { can: 'yes' } : { can: 'no', code: refused.code, reason: refused.message };
}

async function read(answer: Promise<ApiAnswer>): Promise<Came> {
  const seen = await answer;
  return seen.status === 200 ? { can: 'yes' } : refusal(seen);
}

/** Does it; what would change the state is foretold where the API can, and else done on a copy. */
async function tried(letter: Letter, action: ReleaseAction, verdict: Verdict, known: Known): Promise<Came> {
  const name = `${letter.toLowerCase()}-state`;
  const base = `/api/v1/release/${namespace}/name/${name}`;
  const copy = async () => {
    const other = `${letter.toLowerCase()}-${action}`;
    await made(letter, other);
    return other;
  };
  const own = verdict.can === 'yes' ? copy : () => Promise.resolve(name);
  const foresees = verdict.can === 'yes';
  const query = { async: true };
  switch (action) {
    case 'install':
      return sent(letter, await api.install({ namespace, body: { name: await own() }, archive: chart, query }));
    case 'upgrade':
      return sent(letter, await upgrade(await own(), { n: 3, bad: false }, query));
    case 'dryrun':
      return read(api.dryRun({ namespace, body: { name }, archive: chart }));
    case 'recover':
    case 'adopt':
      return sent(letter, await post(await own(), action, query));
    case 'restart':
    case 'test':
      return sent(letter, await post(name, action, query));
    case 'pause':
    case 'rollback':
    case 'detach':
      return foresees
        ? foretold(await post(name, action, { dryrun: true }))
        : sent(letter, await post(name, action, query));
    case 'delete':
      return foresees
        ? foretold(await api.remove(namespace, name, { dryrun: true }))
        : sent(letter, await api.remove(namespace, name, query));
    case 'cancel': {
      if (known.task === undefined) {
        return { can: 'no', code: 'TASK_FINISHED' };
      }
      if (verdict.can !== 'yes') {
        return read(api.send('POST', `/api/v1/task/${known.task.id}/cancel`));
      }
      const other = await copy();
      const { task } = await shown(other);
      return read(api.send('POST', `/api/v1/task/${task?.id}/cancel`));
    }
    case 'edit':
    case 'export':
      // The form and the document are made of the answer itself.
      return (await shown(name)).status === '' ? { can: 'no' } : { can: 'yes' };
    case 'logs':
      // They are those of its pods: what counts is whether it has any.
      return { can: verdict.can };
    case 'drift':
    case 'history':
    case 'values':
    case 'manifest':
      return read(api.send('GET', `${base}/${action}`));
    default:
      return action satisfies never;
  }
}

beforeAll(async () => {
  await createNamespace(kube, namespace);
  await api.mustInstall({ namespace, body: { name: 'never' }, archive: unready });
  await api.mustInstall({ namespace, body: { name: MODEL }, archive: chart });
  await Promise.all(letters.map((letter) => made(letter, `${letter.toLowerCase()}-state`)));
});
afterAll(async () => {
  const { body } = await api.send('GET', '/api/v1/task', { query: { namespace, state: 'running' } });
  await Promise.all((body as TaskList).items.map(({ id }: TaskInfo) => api.send('POST', `/api/v1/task/${id}/cancel`)));
  kube.close();
});

/** Where an answer is not what the judgement says, a line each. */
function disagreements(cell: string, verdict: Verdict, came: Came): string[] {
  const code = verdict.can === 'no' ? verdict.code : undefined;
  // Answers do not show the pending revision of a running task of Walm: then the judgement is the more favourable one.
  if (cell === 'C dryrun' && came.code === 'RELEASE_LOCKED') {
    return [];
  }
  // What a task says that it waits for is a part of the sentence.
  const isSaid = came.can === 'waits' ? verdict.reason.includes(came.reason ?? '') : came.reason === verdict.reason;
  const is = [
    came.can === verdict.can,
    came.code === undefined || came.code === code,
    came.reason === undefined || isSaid,
  ];
  return is.every(Boolean) ? [] : [`${cell}: ${JSON.stringify(verdict)}, came ${JSON.stringify(came)}`];
}

test.concurrent.each(letters)('what releaseCan says of state %s is what the operations answer', async (letter) => {
  const name = `${letter.toLowerCase()}-state`;
  for (const action of RELEASE_ACTIONS) {
    const known = await knownOf(name, action);
    // The cells before may have moved what is measured, such as a last task; the state itself has to be the same.
    const release = await inState(letter, name);
    const verdict = releaseCan(release, action, known);
    const came = await tried(letter, action, verdict, known);
    expect(disagreements(`${letter} ${action}`, verdict, came)).toEqual([]);
  }
});

test('what depends on more than the release is judged with what else is known', async () => {
  await api.mustInstall({ namespace, body: { name: 'plain' }, archive: untested });
  await api.mustInstall({ namespace, body: { name: 'user', dependencies: { store: 'plain' } }, archive: untested });
  const plain = await shown('plain');
  const dependents = { named: [`${namespace}/user`], hidden: 0 };
  const cells: [JudgedRelease, ReleaseAction, Known, Promise<ApiAnswer>][] = [
    [plain, 'delete', { dependents }, api.remove(namespace, 'plain')],
    [
      plain,
      'rollback',
      { revision: 7, revisions: [{ revision: 1, applied: true }] },
      post('plain', 'rollback', { revision: 7 }),
    ],
    [plain, 'rollback', { revisions: [{ revision: 1, applied: true }] }, post('plain', 'rollback')],
    [absentRelease(namespace, 'none'), 'dryrun', { chart: false }, api.dryRun({ namespace, body: { name: 'none' } })],
    [absentRelease(namespace, 'none'), 'install', { chart: false }, api.install({ namespace, body: { name: 'none' } })],
  ];
  for (const [release, action, known, answer] of cells) {
    expect(refusal(await answer)).toEqual(releaseCan(release, action, known));
  }
  expect(releaseCan(plain, 'test').can).toBe('nothing');
  const tested = await post('plain', 'test');
  expect([tested.status, tested.headers.get('walm-task-id')]).toEqual([200, null]);
  expect(tested.body).toMatchObject({ revision: 1, passed: true, tests: [] });
  const gone = await api.remove(namespace, 'none', { ignoreNotFound: true });
  expect([gone.status, gone.headers.get('walm-task-id')]).toEqual([200, null]);
});

test('a chart with subcharts that only plain Helm knows has to be sent again', async () => {
  const payload = records.payloadOf(await records.read(namespace, MODEL, 1));
  const whole = payload['chart'] as { metadata: object };
  const dependencies = [{ name: 'sub', version: '1.0.0', repository: '' }];
  const more = { chart: { ...whole, metadata: { ...whole.metadata, dependencies } } };
  await write('umbrella', 1, { of: MODEL, revision: 1 }, { status: 'deployed' }, more);
  const release = await eventually(async () => {
    const seen = await shown('umbrella');
    expect(seen.outside?.managed).toBe(false);
    return seen;
  });
  expect(refusal(await upgrade('umbrella', { n: 1 }))).toEqual(
    releaseCan(release, 'upgrade', { chartRecorded: false }),
  );
  await records.remove(namespace, 'umbrella', 1);
});

test('a name of which nothing was ever applied is free, and of what cannot be read only the code is known', async () => {
  await write('failed', 1, { of: MODEL, revision: 1 }, { status: 'failed' });
  const failed = await eventually(async () => {
    const seen = await shown('failed');
    expect(seen.status).toBe('failed');
    return seen;
  });
  expect(releaseCan(failed, 'install')).toMatchObject({ can: 'yes' });
  const installed = await api.install({ namespace, body: { name: 'failed' }, archive: chart });
  expect(installed.status, installed.text).toBe(200);

  await api.mustInstall({ namespace, body: { name: 'broken' }, archive: chart });
  const secret = await records.read(namespace, 'broken', 1);
  const path = `/api/v1/namespaces/${namespace}/secrets/${secret.metadata.name}`;
  await kube.call('PATCH', path, { data: { release: 'eHh4' } }, 'application/merge-patch+json');
  const broken = await eventually(async () => {
    const seen = await shown('broken');
    expect(seen.status).toBe('unreadable');
    return seen;
  });
  for (const action of ['upgrade', 'pause', 'recover', 'adopt', 'detach', 'test'] as const) {
    const answer = action === 'upgrade' ? await upgrade('broken', {}) : await post('broken', action);
    const { code } = refusal(answer);
    expect([action, code]).toEqual([action, (releaseCan(broken, action) as { code?: string }).code]);
  }
});
