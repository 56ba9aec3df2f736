import { expect, test } from 'vitest';

import { inOrderOfDependencies } from './dependency-graph.ts';
import { textAt } from './read-value.ts';

const release = (name: string, ...providers: string[]) => ({
  namespace: 'demo',
  name,
  dependencies: Object.fromEntries(providers.map((provider, index) => [`key${index}`, provider])),
});
const ordered = (...releases: unknown[]): string[] => inOrderOfDependencies(releases).map((one) => textAt(one, 'name'));

test('providers come before those that depend on them, by short and by full names', () => {
  expect(ordered(release('app', 'kafka', 'other/db'), release('kafka', 'demo/zk'), release('zk'))).toEqual([
    'zk',
    'kafka',
    'app',
  ]);
  expect(ordered(release('b'), release('a'))).toEqual(['b', 'a']);
});

test('a circle, which a server should not have, ends', () => {
  expect(ordered(release('a', 'b'), release('b', 'a')).toSorted()).toEqual(['a', 'b']);
});
