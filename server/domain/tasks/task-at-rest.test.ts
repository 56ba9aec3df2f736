import { expect, test } from 'vitest';
import type { InstallOrder, Task, TaskState } from './task.ts';
import { taskAtRest } from './task-at-rest.ts';

const install: InstallOrder = {
  kind: 'install',
  request: {
    name: 'web',
    chartName: 'nginx',
    configValues: { a: 'canary' },
    metaInfoParams: { params: [] },
    unset: ['canary'],
  },
  origin: { kind: 'archive', digest: 'd' } as unknown as InstallOrder['origin'],
  createNamespace: false,
  crds: 'create',
  waitReady: false,
  allowMissing: false,
  membership: { project: 'shop', commonValues: { b: 'canary' } },
};
const orders = [install, { kind: 'createProject' as const, installs: [{ release: 'web', after: [], order: install }] }];

const taskOf = (state: TaskState, order: Task['order']) => ({ id: '1', state, order }) as Task;

test.each(orders)('a finished $kind keeps no values, and its chart', (order) => {
  for (const state of ['succeeded', 'failed', 'cancelled'] as const) {
    const text = JSON.stringify(taskAtRest(taskOf(state, order)));
    expect(text).not.toContain('canary');
    expect(text).toContain('"chartName":"nginx"');
    expect(text).toContain('"digest":"d"');
  }
});

test.each(['queued', 'running'] as const)('one that is %s keeps everything', (state) => {
  expect(taskAtRest(taskOf(state, install)).order).toEqual(install);
});
