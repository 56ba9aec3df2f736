import type { OrderKind, OrderOf, Task } from '../../../server/domain/tasks/task.ts';

const origin = { kind: 'archive', ref: 'web.tgz', version: '1.0.0', digest: 'd'.repeat(64) } as const;
const request = { request: { name: 'web' }, createNamespace: false, crds: 'create' } as const;
const applying = { ...request, waitReady: true, allowMissing: false };

const ORDERS: { [Kind in OrderKind]: OrderOf<Kind> } = {
  install: { kind: 'install', ...applying, origin },
  upgrade: { kind: 'upgrade', ...applying, origin: null },
  delete: { kind: 'delete', deletePvcs: false, ignoreNotFound: false },
  restart: { kind: 'restart', mode: 'auto' },
  pause: { kind: 'pause' },
  recover: { kind: 'recover' },
  adopt: { kind: 'adopt' },
  detach: { kind: 'detach' },
  rollback: { kind: 'rollback', revision: 0 },
  hold: { kind: 'hold', reason: 'its rollout failed' },
  test: { kind: 'test' },
  createProject: { kind: 'createProject', installs: [] },
  changeProject: { kind: 'changeProject', steps: [] },
  pauseProject: { kind: 'pauseProject', steps: [] },
  recoverProject: { kind: 'recoverProject', steps: [] },
  restartProject: { kind: 'restartProject', steps: [] },
  applyProject: { kind: 'applyProject', steps: [], onFailure: 'stop', guarded: false },
  deleteProject: { kind: 'deleteProject', deletePvcs: false },
};

/** An order of a kind without special fields. */
export function orderOf<Kind extends OrderKind>(kind: Kind): OrderOf<Kind> {
  return ORDERS[kind];
}

/** A queued delete of `shop/web`, with the given changes. */
export function taskWith(given: Partial<Task> = {}): Task {
  return {
    id: 'a',
    namespace: 'shop',
    release: 'web',
    state: 'queued',
    attempt: 0,
    caller: null,
    requestId: 'r',
    createdAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    order: orderOf('delete'),
    ...given,
  };
}
