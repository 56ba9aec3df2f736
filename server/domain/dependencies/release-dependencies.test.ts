import { describe, expect, test } from 'vitest';
import { findCycle, providerKey, recordedProviders } from './release-dependencies.ts';

test.each([
  ['zk', 'shop/zk'],
  ['infra/zk', 'infra/zk'],
])('providerKey of %s in shop is %s', (provider, expected) => {
  expect(providerKey(provider, 'shop')).toBe(expected);
});

test('recordedProviders leaves out providers that cannot be followed', () => {
  expect(recordedProviders('shop/web', { a: 'zk', b: 'infra/db', c: 'x/y/z', d: '' })).toEqual(['shop/zk', 'infra/db']);
});

describe('findCycle', () => {
  const graph: Record<string, string[]> = { 'n/b': ['n/c'], 'n/c': ['n/d', 'n/a'], 'n/d': ['n/d'] };
  const providersOf = (key: string) => graph[key] ?? [];

  test('spells out the way back', () => {
    expect(findCycle('n/a', ['n/b'], providersOf)).toEqual(['n/a', 'n/b', 'n/c', 'n/a']);
  });
  test('a release that depends on itself', () => {
    expect(findCycle('n/a', ['n/a'], providersOf)).toEqual(['n/a', 'n/a']);
  });
  test('a cycle of others is not one of this release, and ends', () => {
    expect(findCycle('n/x', ['n/d'], providersOf)).toBeUndefined();
  });
});
