import { stringifyExact } from '../../contract/exact-json.ts';

/** A value in a cell or in the text of a template: texts as they are, null and undefined empty, the rest as JSON. */
export function formatScalar(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return stringifyExact(value) ?? '';
}
