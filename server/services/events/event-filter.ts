import type { StreamEvent } from '../../../contract/schemas/event.ts';
import { problem } from '../../domain/errors/problem-error.ts';

/** Which events a client wants; absent fields match everything. */
export type EventFilter = { namespace?: string; release?: string; types?: ReadonlySet<StreamEvent['type']> };

const TYPES: readonly StreamEvent['type'][] = ['release', 'task'];

function isEventType(name: string): name is StreamEvent['type'] {
  return TYPES.some((type) => type === name);
}

/**
 * Parses a comma-separated list of types; empty means all.
 * @throws ProblemError QUERY_INVALID for an unknown type
 */
export function readEventTypes(text: string | undefined): ReadonlySet<StreamEvent['type']> | undefined {
  const names = (text ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const unknown = names.find((name) => !isEventType(name));
  if (unknown !== undefined) {
    throw problem('QUERY_INVALID', `there is no event type "${unknown}": use ${TYPES.join(', ')}`, {
      parameter: 'type',
    });
  }
  return names.length === 0 ? undefined : new Set(names.filter(isEventType));
}

/** Whether the filter matches an event. */
export function passes({ namespace, release, types }: EventFilter, { type, data }: StreamEvent): boolean {
  const name = 'release' in data ? data.release : data.name;
  return (
    (types === undefined || types.has(type)) &&
    (namespace === undefined || data.namespace === namespace) &&
    (release === undefined || name === release)
  );
}
