import { expect, test } from 'vitest';
import { issuePass, type WritePass } from '../../../ports/gate/passes.ts';
import { fenceKube } from './fenced-kube.ts';
import type { KubeApi } from './kube-api.ts';

const kube = {} as KubeApi;

test('writes need a pass that the gate issued, whatever the compiler was told', () => {
  const fenced = fenceKube(kube);
  expect(fenced.writing(issuePass({}))).toBe(kube);
  const passes: unknown[] = [{}, undefined, { ...issuePass({ seal: null }) }];
  for (const pass of passes) {
    expect(() => fenced.writing(pass as WritePass)).toThrow('has not gone through the gate');
  }
});

test('what is behind the fence has no verb that writes', () => {
  expect(Object.keys(fenceKube(kube)).toSorted()).toEqual([
    'get',
    'list',
    'open',
    'renewConnections',
    'text',
    'watch',
    'writing',
  ]);
  // @ts-expect-error -- only `writing` returns what writes
  const open: Pick<KubeApi, 'remove'> = fenceKube(kube);
  expect('remove' in open).toBe(false);
});
