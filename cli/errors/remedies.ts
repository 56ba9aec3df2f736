import { apiRemedies } from './api-remedies.ts';
import { ownRemedies, type Situation } from './own-remedies.ts';

/** What can be done about an error, in the words of the command line; empty if nothing is known. */
export function remedyLines(code: string, situation: Situation): string[] {
  const own = ownRemedies[code]?.(situation);
  if (own === undefined) {
    const remedy = Object.hasOwn(apiRemedies, code) ? apiRemedies[code] : undefined;
    return remedy === undefined ? [] : [remedy];
  }
  const width = Math.max(0, ...own.map((line) => (typeof line === 'string' ? 0 : line[0].length)));
  return own.map((line) => (typeof line === 'string' ? line : `${`${line[0]}:`.padEnd(width + 2)}${line[1]}`));
}
