import { UsageError } from '../errors/failures.ts';
import { ageOf } from './age.ts';
import { readJsonPath } from './jsonpath.ts';
import { at, textAt } from './read-value.ts';
import { formatScalar } from './scalar.ts';

/** A column of a table over JSON objects. */
export interface Column {
  readonly head: string;
  readonly cell: (value: unknown) => string;
  /** What rows are ordered by, where it is not the cell. */
  readonly order?: (value: unknown) => string;
}

/** The columns of a type's table; those behind `wide` only with -o wide. */
export interface ObjectColumns {
  readonly table: readonly Column[];
  readonly wide: readonly Column[];
  /** Head of the column that is cut to fit a terminal. */
  readonly cut: string;
}

/** A column with the value at a path. */
export function column(head: string, ...path: readonly string[]): Column {
  return { head, cell: (value) => formatScalar(at(value, ...path)) };
}

/** The column AGE, of the moment in a field. `now` is milliseconds since 1970. */
export function ageColumn(now: number, field: string): Column {
  return { head: 'AGE', cell: (value) => ageOf(at(value, field), now), order: (value) => textAt(value, field) };
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

/** The labels of an object of the API, as the column LABELS shows them: `k=v,k2=v2`. */
export function labelText(item: unknown): string {
  const labels = at(item, 'releaseLabels') ?? at(item, 'labels') ?? at(item, 'tenantLabels');
  return Object.entries((labels as Record<string, unknown> | undefined) ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}
