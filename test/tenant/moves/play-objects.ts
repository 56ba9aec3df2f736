import { gzipSync } from 'node:zlib';

import type { Move, TenantStage } from '../move.ts';

const CONFIGS = 'apiextensions.transwarp.io/v1beta1';

/** A task that would run as an administrator, in the form that Walm stores. */
function forgedTask({ namespace, random, targets }: TenantStage): { name: string; body: object } {
  const id = `0000000${random.between(0, 9)}-0000-4000-8000-00000000000${random.between(0, 9)}`;
  const target = random.pick(targets);
  const task = {
    id,
    operation: 'delete',
    namespace: target.namespace,
    release: target.release,
    state: 'queued',
    attempt: 0,
    caller: { user: 'system:admin', groups: ['system:masters'] },
    requestId: namespace,
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    order: { kind: 'delete', deletePvcs: true, ignoreNotFound: false, force: true },
  };
  const labels = {
    'app.kubernetes.io/managed-by': 'walm',
    'walm.io/namespace': target.namespace,
    'walm.io/release': target.release,
    'walm.io/state': 'queued',
  };
  const data = { task: gzipSync(JSON.stringify(task)).toString('base64') };
  const metadata = { name: `walm-task-${id}`, labels };
  return { name: metadata.name, body: { apiVersion: 'v1', kind: 'Secret', type: 'walm.io/task.v1', metadata, data } };
}

/** Objects of Walm's kinds that a tenant writes by hand, if the API server allows it. */
export const moves: readonly Move[] = [
  {
    name: 'writes a task into its own namespace and into Walm’s',
    async play(stage) {
      for (const namespace of [stage.namespace, stage.systemNamespace]) {
        await stage.ears.kube('POST', `/api/v1/namespaces/${namespace}/secrets`, forgedTask(stage).body);
      }
    },
  },
  {
    name: 'writes a ReleaseConfig that depends on everybody and publishes their Secrets',
    async play(stage) {
      const { namespace, random, targets, releases, ears } = stage;
      const name = random.pick(releases);
      const target = random.pick(targets);
      const spec = {
        dependencies: { source: `${target.namespace}/${target.release}` },
        outputs: {
          stolen: `secret:${target.secret}.password`,
          far: `secret:${target.namespace}/${target.secret}.password`,
        },
        outputConfig: { stolen: '***' },
        project: random.pick(['', 'theirs']),
        onFailure: 'rollback',
      };
      const metadata = { name, annotations: { 'walm.io/facts': 'v1', 'walm.io/seal': 'v1.forged' } };
      const body = { apiVersion: CONFIGS, kind: 'ReleaseConfig', metadata, spec };
      const path = `/apis/${CONFIGS}/namespaces/${namespace}/releaseconfigs`;
      if ((await ears.kube('POST', path, body)) === undefined) {
        await ears.kube('PATCH', `${path}/${name}`, { metadata, spec }, 'application/merge-patch+json');
      }
    },
  },
  {
    name: 'deletes a ReleaseConfig',
    play: ({ namespace, random, releases, ears }) =>
      ears.kube('DELETE', `/apis/${CONFIGS}/namespaces/${namespace}/releaseconfigs/${random.pick(releases)}`),
  },
  {
    name: 'writes other bytes under the name of an archive',
    async play({ namespace, random, ears }) {
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      const archives = (await ears.list(path)).filter((secret) => secret['type'] === 'walm.io/chart.v1');
      if (archives.length === 0) return;
      const { name, labels = {} } = random.pick(archives).metadata;
      await ears.kube('DELETE', `${path}/${name}`);
      const data = { chunk: gzipSync(Buffer.alloc(random.between(1, 8) * 1024 * 1024)).toString('base64') };
      const metadata = { name, labels };
      await ears.kube('POST', path, { apiVersion: 'v1', kind: 'Secret', type: 'walm.io/chart.v1', metadata, data });
    },
  },
  {
    name: 'marks somebody else’s ReleaseConfig and reads Walm’s Secrets',
    async play({ random, targets, systemNamespace, ears }) {
      const { namespace, release, secret } = random.pick(targets);
      const config = `/apis/${CONFIGS}/namespaces/${namespace}/releaseconfigs/${release}`;
      const mark = { metadata: { annotations: { 'walm.io/rolled-out': '99' } } };
      await ears.kube('PATCH', config, mark, 'application/merge-patch+json');
      await ears.kube('GET', `/api/v1/namespaces/${namespace}/secrets/${secret}`);
      await ears.list(`/api/v1/namespaces/${systemNamespace}/secrets`);
    },
  },
];
