import { expect, it } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createRecordSeals } from './record-seals.ts';
import { createSealRing } from './seal-ring.ts';

const FACTS = {
  namespace: 'demo',
  name: 'web',
  revision: 1,
  chartDigest: 'a',
  configDigest: 'b',
  manifestDigest: 'c',
  hooksDigest: 'd',
  factsDigest: 'e',
};

function open(uids: Record<string, string>) {
  const clock = createManualClock();
  const asked: string[] = [];
  const ring = createSealRing({
    keys: { read: () => Promise.resolve(new Map([['k1', new Uint8Array(32).fill(1)]])) },
    clock,
    onError: () => undefined,
  });
  const uidOf = (namespace: string) => {
    asked.push(namespace);
    return Promise.resolve(uids[namespace] ?? null);
  };
  return { asked, seals: createRecordSeals({ ring, namespaces: { uidOf }, clock }) };
}

it('seals in the name of the caller, and for the namespace that exists now', async () => {
  const uids = { demo: 'n1' };
  const { seals } = open(uids);
  const seal = await seals.make(FACTS, { by: null, operation: 'pause' });
  expect(await seals.judge(seal, FACTS)).toMatchObject({ sealed: true, by: null, operation: 'pause' });
  uids.demo = 'n2';
  expect(await seals.judge(seal, FACTS)).toEqual({
    sealed: false,
    reason: 'it was sealed in an earlier namespace demo',
  });
});

it('makes none for a namespace that is gone', async () => {
  const { seals } = open({});
  await expect(seals.make(FACTS, { by: null, operation: 'install' })).rejects.toMatchObject({
    code: 'NAMESPACE_NOT_FOUND',
  });
});

it('does not ask the cluster about what no key has signed', async () => {
  const { seals, asked } = open({ demo: 'n1' });
  expect(await seals.judge('v1.k1.e30.x', FACTS)).toMatchObject({ sealed: false });
  expect(asked).toEqual([]);
});
