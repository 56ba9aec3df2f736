import { describe, expect, test } from 'vitest';
import { changedOutputs, dependencyStatus } from './dependency-status.ts';

const injected = { key: 'db', provider: 'shop/db', digest: 'd', revision: 3, outputs: { address: 'a1', user: 'u1' } };
const entry = { key: 'db', provider: 'shop/db', injected };
const never = { key: 'db', provider: 'shop/db', injected: undefined };
const at = '2026-01-01T00:00:00Z';

describe('a dependency', () => {
  test.each([
    ['has what is published', entry, { address: 'a1', user: 'u1' }, 'Current'],
    ['has another value', entry, { address: 'a2', user: 'u1' }, 'Outdated'],
    ['has something that is published no more', entry, { address: 'a1' }, 'Outdated'],
    ['was given nothing yet', never, { address: 'a1' }, 'Outdated'],
    ['is given nothing', never, {}, 'NothingPublished'],
    ['lost its provider', entry, null, 'ProviderGone'],
    ['never had a provider', never, null, 'ProviderMissing'],
  ] as const)('that %s', (_, given, published, state) => {
    expect(dependencyStatus(given, published, at)).toMatchObject({ key: 'db', provider: 'shop/db', state });
  });

  test('says what it was given, from which revision and when', () => {
    const shown = dependencyStatus(entry, {}, at);
    expect(shown).toMatchObject({ keys: ['address', 'user'], revision: 3, lastPropagation: at });
    expect(dependencyStatus(never, {}, at)).not.toHaveProperty('lastPropagation');
  });
});

test('changed outputs are named, whichever way they changed', () => {
  expect(changedOutputs(injected, { address: 'a2', port: 'p' })).toEqual(['address', 'port', 'user']);
  expect(changedOutputs(injected, { address: 'a1', user: 'u1' })).toEqual([]);
});
