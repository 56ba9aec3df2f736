import { UsageError } from '../errors/failures.ts';
import { readJsonPath } from './jsonpath.ts';

/** A column of a table over JSON objects. */
export interface Column {
  readonly head: string;
  readonly cell: (value: unknown) => string;
}

/** Reads `-o columns=HEAD:.path,HEAD:.path`. @throws UsageError */
export function readColumns(text: string): Column[] {
  if (text === '') throw new UsageError('-o columns= needs columns, such as columns=NAME:.name,CHART:.chartName');
  return text.split(/,(?=[^,:[\]]+:)/).map((part) => {
    const colon = part.indexOf(':');
    if (colon < 1) throw new UsageError(`-o columns= takes HEAD:.path, not ${part}`);
    return { head: part.slice(0, colon), cell: readJsonPath(part.slice(colon + 1)) };
  });
}
