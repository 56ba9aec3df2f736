import { problemCatalogue } from '../../contract/problems/catalogue.ts';

/** The module `contract/remedies.ts`: what a client says of errors, without what a server needs to know of them. */
export function clientRemedies(): string {
  const rows = Object.entries(problemCatalogue).map(([code, { remedy }]) => `  ${code}: ${JSON.stringify(remedy)},`);
  return `${[
    '// Written by `make generate` from the catalogue of errors.',
    '',
    '/** What the caller can do about each kind of error, by its code. */',
    'export const remediesByCode: Readonly<Record<string, string>> = {',
    ...rows,
    '};',
  ].join('\n')}\n`;
}
