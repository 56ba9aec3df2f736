import { describe, expect, test } from 'vitest';
import { claimPatterns, claimsOf } from './release-claims.ts';

const statefulSet = {
  kind: 'StatefulSet',
  object: {
    metadata: { name: 'zk-zookeeper' },
    spec: {
      selector: { matchLabels: { app: 'zk' } },
      volumeClaimTemplates: [{ metadata: { name: 'data' } }, { metadata: { name: 'log' } }],
    },
  },
};
const diskless = { kind: 'StatefulSet', object: { metadata: { name: 'web' }, spec: {} } };

describe('claimsOf', () => {
  const patterns = claimPatterns([statefulSet, diskless, { kind: 'Deployment', object: {} }]);

  test.each([
    ['a claim of either template, at any ordinal', 'data-zk-zookeeper-0', { app: 'zk' }, true],
    ['a claim of an ordinal that was scaled away', 'log-zk-zookeeper-12', { app: 'zk', more: 'x' }, true],
    ['a claim of the same name form with other labels', 'data-zk-zookeeper-0', { app: 'other' }, false],
    ['a claim of a StatefulSet whose name only begins alike', 'data-zk-zookeeper-blue-0', { app: 'zk' }, false],
    ['a claim without an ordinal', 'data-zk-zookeeper-x', { app: 'zk' }, false],
    ['a claim of no template', 'cache-zk-zookeeper-0', { app: 'zk' }, false],
  ])('%s', (_, name, labels: Record<string, string>, expected) => {
    expect(claimsOf(patterns, [{ name, labels }])).toEqual(expected ? [{ name, labels }] : []);
  });
});
