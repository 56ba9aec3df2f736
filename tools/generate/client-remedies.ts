import { ownRemedies } from '../../cli/errors/own-remedies.ts';
import { problemCatalogue } from '../../contract/problems/catalogue.ts';

/** The module `cli/errors/api-remedies.ts`: what walmctl says of errors for which it has no words of its own. */
export function clientRemedies(): string {
  const rows = Object.entries(problemCatalogue)
    .filter(([code]) => !Object.hasOwn(ownRemedies, code))
    .map(([code, { remedy }]) => `  ${code}: ${JSON.stringify(remedy)},`);
  return `${[
    '// Written by `make generate` from the catalogue of errors.',
    '',
    '/** What the caller can do about each kind of error that own-remedies.ts does not name, by its code. */',
    'export const apiRemedies: Readonly<Record<string, string>> = {',
    ...rows,
    '};',
  ].join('\n')}\n`;
}
