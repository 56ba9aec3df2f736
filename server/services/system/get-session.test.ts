import { expect, test } from 'vitest';
import { callerOf } from '../../domain/access/caller.ts';
import { createGetSession } from './get-session.ts';

const limits = { archiveBytes: 10, bodyBytes: 20, operationTimeoutSec: 30 };
const session = (kubernetesVersion?: string) =>
  createGetSession({
    mode: 'kubernetes',
    compatibility: 'current',
    version: '1.2.3',
    engine: { info: () => (kubernetesVersion === undefined ? null : ({ kubernetesVersion } as never)) },
    limits,
    maxHistory: 10,
    retentionSec: 86_400,
  });

test('a session tells who one is, and where', () => {
  const ann = callerOf({ user: 'ann', groups: ['team-a'], extra: { secret: ['hidden'] } });
  const told = session('v1.36.3')(ann);
  expect(told).toMatchObject({
    auth: { mode: 'kubernetes' },
    caller: { user: 'ann', groups: ['team-a'] },
    versions: { walm: '1.2.3', api: 'v1', kubernetes: 'v1.36.3' },
    limits,
    history: { max: 10 },
    tasks: { retentionSec: 86_400 },
  });
  expect(JSON.stringify(told)).not.toContain('hidden');
});

test('without a token it is nobody, and before the engine has started the version of the cluster is not known', () => {
  expect(session()(null)).toMatchObject({ caller: null, versions: { kubernetes: null } });
});
