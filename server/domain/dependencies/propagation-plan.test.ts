import { describe, expect, test } from 'vitest';
import { planPropagation, type PropagationInput, type ProviderState } from './propagation-plan.ts';

const injected = {
  key: 'zk',
  provider: 'shop/zookeeper-1',
  digest: '',
  revision: 1,
  outputs: { ADDRESS: 'a', PORT: 'p' },
};
const entry = { key: 'zk', provider: 'shop/zookeeper-1', injected };
const unready = new Map([[entry.provider, 'StatefulSet shop/zk is in state Pending']]);
const settled = { unsettled: null, unready: new Map<string, string>() };
const same: ProviderState = { digests: { ADDRESS: 'a', PORT: 'p' } };
const changed: ProviderState = { digests: { ADDRESS: 'b', PORT: 'p' } };

function plan(state: ProviderState, rest: Partial<PropagationInput> = {}) {
  return planPropagation({
    namespace: 'shop',
    busy: false,
    paused: false,
    outside: false,
    providers: [{ entry, state }],
    ...settled,
    ...rest,
  });
}

describe('what a dependent is given', () => {
  test('changes when the outputs did, with the cause', () => {
    expect(plan(changed)).toEqual({ do: 'upgrade', cause: 'zookeeper-1 outputs changed: ADDRESS' });
  });

  test('names no release of another namespace, and does not say how it is doing', () => {
    expect(plan(changed, { namespace: 'other' })).toEqual({
      do: 'upgrade',
      cause: 'dependency zk outputs changed: ADDRESS',
    });
    for (const problem of [{ unsettled: entry }, { unready }]) {
      const { reason } = { reason: '', ...plan(changed, { ...problem, namespace: 'other' }) };
      expect(reason).toMatch(/^waits: dependency zk is (about to change|not ready)$/);
    }
  });

  test('stays when nothing it takes has changed, whatever else goes on', () => {
    expect(plan(same)).toEqual({ do: 'nothing' });
    expect(plan(same, { paused: true, unsettled: entry, unready })).toEqual({ do: 'nothing' });
  });

  test('stays when the provider is gone', () => {
    expect(plan({ digests: null })).toEqual({ do: 'nothing' });
  });

  test.each([
    [{ busy: true }, changed, 'a task of the release', true],
    [{ busy: true }, same, 'a task of the release', true],
    [{ paused: true }, changed, 'paused', false],
    [{ outside: true }, changed, 'outside of Walm', false],
    [{ unsettled: entry }, changed, 'shop/zookeeper-1 is about to change', true],
    [{ unready }, changed, 'is not ready: StatefulSet', true],
  ] as const)('waits %#', (rest, state, reason, soon) => {
    expect(plan(state, rest)).toEqual({ do: 'wait', reason: expect.stringContaining(reason), soon });
  });

  test('waits for every provider to settle, so that it changes once', () => {
    const other = { entry: { key: 'x', provider: 'shop/x', injected: undefined }, state: same };
    const providers = [{ entry, state: changed }, other];
    expect(plan(changed, { providers, unsettled: other.entry })).toMatchObject({ do: 'wait' });
  });

  test('has a cause that Helm can keep', () => {
    const digests = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`OUTPUT_${i}`, 'x']));
    const step = plan({ digests });
    expect(step).toMatchObject({ do: 'upgrade', cause: expect.stringMatching(/^zookeeper-1 outputs changed: .*…$/) });
    expect(step.do === 'upgrade' && step.cause).toHaveLength(256);
  });
});
