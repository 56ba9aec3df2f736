import { UsageError } from '../errors/failures.ts';

/** The repository of a chart that names none. */
export const DEFAULT_REPOSITORY = 'stable';

/** `repo/name`, or a name in the repository stable. @throws UsageError */
export function chartPath(chart = ''): { repo: string; chart: string } {
  const [first = '', second, ...more] = chart.split('/');
  if (first === '' || second === '' || more.length > 0) {
    throw new UsageError(`${chart} is not a chart of a repository`, [
      'write REPO/NAME, or oci://HOST/NAME:VERSION for show',
    ]);
  }
  return second === undefined ? { repo: DEFAULT_REPOSITORY, chart: first } : { repo: first, chart: second };
}
