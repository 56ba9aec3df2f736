import { expect, it } from 'vitest';
import type { DependencyState } from '../../../contract/schemas/dependency.ts';
import { worstState } from './worst-state.ts';

it.each<[DependencyState[], DependencyState | null]>([
  [[], null],
  [['Current'], 'Current'],
  [['Current', 'NothingPublished'], 'NothingPublished'],
  [['Current', 'Outdated', 'Unknown'], 'Outdated'],
  [['NotAllowed', 'Outdated'], 'NotAllowed'],
  [['NotAllowed', 'ProviderGone', 'ProviderMissing'], 'ProviderMissing'],
])('of %j the worst is %s', (states, worst) => {
  expect(worstState(states)).toBe(worst);
});
