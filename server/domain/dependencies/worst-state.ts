import type { DependencyState } from '../../../contract/schemas/dependency.ts';

/** The states of a dependency, the worst first. */
const WORST_FIRST = [
  'ProviderMissing',
  'ProviderGone',
  'NotAllowed',
  'Outdated',
  'Unknown',
  'NothingPublished',
  'Current',
] as const satisfies readonly DependencyState[];

/** The worst of some states; null if there are none. */
export function worstState(states: readonly DependencyState[]): DependencyState | null {
  return WORST_FIRST.find((state) => states.includes(state)) ?? null;
}
