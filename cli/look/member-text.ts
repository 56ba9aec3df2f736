import { memberSpans } from '../render/json-list.ts';

/** A member of a JSON object as text; undefined if it is not there. */
export function memberText(json: string, name: string): string | undefined {
  const span = memberSpans(json).get(name);
  if (span === undefined) return undefined;
  const value: unknown = JSON.parse(json.slice(...span));
  return typeof value === 'string' ? value : String(value);
}
