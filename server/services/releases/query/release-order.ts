import type { ReleasePhase } from '../../../../contract/schemas/event.ts';
import type { ReleaseSort } from '../../../../contract/operations/parts/release-list-query.ts';
import { keyText, type ListKey, timeKey } from '../../../domain/lists/keyset-page.ts';
import type { Candidate } from './release-candidates.ts';

/** What needs a person comes first. */
const PHASES: Readonly<Record<ReleasePhase, string>> = {
  failed: '0',
  progressing: '1',
  changing: '2',
  paused: '3',
  ready: '4',
  deleted: '5',
};

/** The place of a release in a list with this order: namespace and name come last, so that no two have the same. */
export function releasePlace(sort: ReleaseSort): (candidate: Candidate) => ListKey {
  const field = fieldOf(sort);
  return (candidate) => [keyText(field(candidate)), candidate.namespace, candidate.name];
}

function fieldOf(sort: ReleaseSort): (candidate: Candidate) => string {
  switch (sort) {
    case 'namespace':
    case '-namespace':
      return ({ namespace }) => namespace;
    case 'name':
    case '-name':
      return ({ name }) => name;
    case 'chart':
    case '-chart':
      return ({ chart }) => chart;
    case 'project':
    case '-project':
      return ({ project }) => project;
    case 'phase':
    case '-phase':
      return ({ phase }) => PHASES[phase()];
    case 'updated':
    case '-updated':
      return ({ record }) => timeKey(record?.updated ?? '');
    default:
      return sort satisfies never;
  }
}
