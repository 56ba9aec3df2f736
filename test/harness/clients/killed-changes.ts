import { expect } from 'vitest';

import type { TaskInfo } from '../../../contract/schemas/task.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { buildChart } from '../charts/chart-builder.ts';
import { eventually } from '../eventually.ts';
import { freezeDeployment } from './frozen-deployment.ts';
import type { KubeClient } from './kube-client.ts';
import type { ApiAnswer, WalmApi } from './walm-api.ts';

const workload = (name: string, replicas: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: registry.example/main:1}]}
---`;

/**
 * A chart of which a part can be refused: the Deployment `web` by an admission policy, the claim because it is
 * immutable.
 */
export const killedChart = buildChart('killed', {
  'values.yaml': 'replicas: 2\nmode: ReadWriteOnce\nextra: false\n',
  'templates/all.yaml': `${workload('front', '1')}${workload('web', '{{ .Values.replicas }}')}
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [{{ .Values.mode }}], resources: {requests: {storage: 1Gi}}}
{{ if .Values.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: extra}
{{ end }}
`,
}).bytes;

/** Errors that a change may end with. Any other error is a defect. */
const REFUSALS = new Set([
  'ADMISSION_REFUSED',
  'FIELD_IMMUTABLE',
  'MANIFEST_INVALID',
  'RELEASE_NOT_FOUND',
  'RELEASE_PAUSED',
]);

type Facts = { values: Record<string, unknown>; labels: Record<string, string>; paused: boolean };
type Move = { what: string; send: () => Promise<ApiAnswer>; facts: Partial<Facts> };

/** The processes that can be killed; each function resolves when the process is running again. */
export type Victims = { server: () => Promise<void>; engine: () => void };

/**
 * Changes a release `app` of this chart at random, in a cluster that refuses some changes, and kills server or engine
 * during some of them. After each change the release must match its model: all changes that succeeded, and none of
 * those that did not. `api` is called each time, because a killed server comes back at another address. Returns what
 * was done.
 */
export async function playWithKills(
  { api, kube, namespace }: { api: () => WalmApi; kube: KubeClient; namespace: string },
  victims: Victims,
  { seed, steps }: { seed: number; steps: number },
): Promise<string[]> {
  const random = createSeededRandom(seed);
  const log: string[] = [];
  const history: Facts[] = [{ values: {}, labels: {}, paused: false }];
  let now = history[0] as Facts;
  let thaw: (() => Promise<void>) | null = null;

  const query = { async: true };
  const upgrade = (configValues: Record<string, unknown>, releaseLabels: Record<string, string> = {}) =>
    api().upgrade({ namespace, body: { name: 'app', configValues, releaseLabels }, query });
  const post = (what: string) => api().send('POST', `/api/v1/release/${namespace}/name/app/${what}async=true`);
  const upgrading = (values: Record<string, unknown>, labels: Record<string, string> = {}): Move => ({
    what: `upgrade ${JSON.stringify(values)}`,
    send: () => upgrade(values, labels),
    facts: { values: { ...now.values, ...values }, labels: { ...now.labels, ...labels } },
  });

  function nextMove(): Move {
    const moves: (() => Move)[] = [
      () => upgrading({ replicas: random.between(1, 4), extra: random.next() < 0.5 }),
      () => upgrading({ mode: 'ReadWriteMany', replicas: 7 }, { bad: 'x' }),
      () => upgrading({}, { tier: random.pick(['x', 'y']) }),
      () => ({ what: 'pause', send: () => post('pause?'), facts: { paused: true } }),
      () => ({ what: 'recover', send: () => post('recover?'), facts: { paused: false } }),
      () => ({
        what: 'rollback',
        send: () => post('rollback?revision=1&'),
        facts: { values: history[0]?.values ?? {} },
      }),
    ];
    return random.pick(moves)();
  }

  async function kill(task: TaskInfo): Promise<void> {
    const who = random.pick(['nobody', 'server', 'engine'] as const);
    if (who === 'nobody') return;
    if (random.next() < 0.7) {
      await eventually(
        async () => {
          const { progress, finishedAt } = (await api().task(task.id)).body;
          expect(progress ?? finishedAt).toBeDefined();
        },
        { everyMs: 5 },
      );
    }
    log.push(`  kill the ${who} at ${(await api().task(task.id)).body.progress?.phase ?? 'the beginning'}`);
    await (who === 'server' ? victims.server() : victims.engine());
  }

  async function step(): Promise<void> {
    if (random.next() < 0.2) {
      log.push(thaw === null ? 'freeze' : 'thaw');
      thaw = thaw === null ? await freezeDeployment(kube, namespace, 'web') : (await thaw(), null);
    }
    const { what, send, facts } = nextMove();
    log.push(what);
    const answer = await send();
    const reported = () => `${log.join('\n')}\n${answer.text}`;
    // A change with nothing to do is answered at once, as is a rollback to a revision that is no longer kept.
    expect([200, 202, 404, 409, 422], reported()).toContain(answer.status);
    if (answer.status === 202) {
      const { task } = answer.body as { task: TaskInfo };
      await kill(task);
      const ended = await eventually(async () => {
        const { body } = await api().task(task.id);
        expect(['succeeded', 'failed'], reported()).toContain(body.state);
        return body;
      });
      log.push(`  ${ended.state} ${ended.error?.code ?? ''}`);
      expect(
        ended.error === undefined || REFUSALS.has(ended.error.code),
        `${reported()}\n${JSON.stringify(ended)}`,
      ).toBe(true);
      now = ended.state === 'succeeded' ? { ...now, ...facts } : now;
    } else {
      log.push(`  answered ${answer.status}`);
      now = answer.status === 200 ? { ...now, ...facts } : now;
    }
    await agree(reported);
  }

  async function agree(reported: () => string): Promise<void> {
    await eventually(async () => {
      const { body } = await api().get(namespace, 'app');
      expect(body, reported()).toMatchObject({ status: 'deployed', paused: now.paused, configValues: now.values });
      expect(body.releaseLabels ?? {}, reported()).toEqual(now.labels);
      const wanted = { front: 1, web: Number(now.values['replicas'] ?? 2) };
      for (const [name, replicas] of Object.entries(wanted)) {
        const found = await kube.find(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
        expect(found?.['spec'], `${reported()}\nreplicas of ${name}`).toMatchObject({
          replicas: now.paused ? 0 : replicas,
        });
      }
    });
  }

  for (let done = 0; done < steps; done += 1) {
    await step();
  }
  await (thaw as (() => Promise<void>) | null)?.();
  return log;
}
