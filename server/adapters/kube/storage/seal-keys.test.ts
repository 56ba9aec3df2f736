import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createManualClock } from '../../memory/manual-clock.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { KubeApiError } from '../client/kube-api-error.ts';
import { createKubeSealKeys } from './seal-keys.ts';

/** As much of an API server as stores one Secret. */
function apiServer() {
  let kept: KubeObject | null = null;
  const status = (code: number) => Promise.reject(new KubeApiError(code, 'Some', 'no'));
  return {
    forget: () => void (kept = null),
    kept: () => kept,
    get: () => (kept === null ? (status(404) as Promise<KubeObject>) : Promise.resolve(kept)),
    create(_path: string, object: object) {
      if (kept !== null) return status(409) as Promise<KubeObject>;
      kept = object as KubeObject;
      return Promise.resolve(kept);
    },
  };
}
const open = (kube: ReturnType<typeof apiServer>) =>
  createKubeSealKeys({ kube, namespace: 'walm-system', clock: createManualClock(), secret: randomBytes });

it('replicas that start together get the same key', async () => {
  const kube = apiServer();
  const [one, other] = await Promise.all([open(kube).read(), open(kube).read()]);
  expect([...one]).toEqual([...other]);
  expect([...one.keys()]).toEqual(['2026-01-01T00-00-00Z']);
  expect([...one.values()].map(({ length }) => length)).toEqual([32]);
});

it('does not put another key in the place of one that went away while it was in use', async () => {
  const kube = apiServer();
  const keys = open(kube);
  await keys.read();
  kube.forget();
  await expect(keys.read()).rejects.toMatchObject({ code: 'SEAL_KEY_INVALID' });
  expect(kube.kept()).toBeNull();
  await open(kube).read();
  expect(kube.kept()).not.toBeNull();
});
