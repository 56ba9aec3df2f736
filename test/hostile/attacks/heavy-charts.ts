import { buildChart, type ChartFiles } from '../../harness/charts/chart-builder.ts';
import { chartForm } from '../../harness/clients/walm-api.ts';
import type { Attack, HostileStage } from '../attack.ts';

const MiB = 1024 * 1024;
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
const kept = { objectsKi: 6_000, diskMi: 64, because: 'archives are kept on disk up to a limit, releases were wanted' };

/** Parallel dry runs by two callers, `each` by each; every answer must say whose fault it is. */
function byTwo(files: () => ChartFiles, each: number): (stage: HostileStage) => Promise<void> {
  return async ({ attacker, accomplice, round }) => {
    const { bytes } = buildChart('heavy', files(), `0.0.${round}`);
    const answers = await Promise.all(
      [attacker, accomplice].flatMap(({ api, namespace }) =>
        Array.from({ length: each }, () =>
          api.send('POST', `/api/v1/release/${namespace}/dryrun/withchart`, {
            body: chartForm({ name: 'heavy' }, bytes),
          }),
        ),
      ),
    );
    const fault = answers.find(({ status }) => status >= 500 && status !== 503 && status !== 504);
    if (fault !== undefined) throw new Error(`it answered ${fault.status} ${fault.text.slice(0, 300)}`);
  };
}

/** Charts that are expensive to read, and to pass on. */
export const attacks: readonly Attack[] = [
  {
    name: 'renders charts with 90 MB of files in a subchart, which no record counts',
    leaves: kept,
    run: byTwo(
      () => ({
        'templates/x.yaml': MAP,
        'charts/inner/Chart.yaml': 'apiVersion: v2\nname: inner\nversion: 0.1.0\n',
        ...Object.fromEntries(
          Array.from({ length: 18 }, (_, i) => [`charts/inner/files/zeros-${i}`, Buffer.alloc(4.9 * MiB)]),
        ),
      }),
      6,
    ),
  },
  {
    name: 'ships values that nest deeper than parsers go',
    leaves: kept,
    run: byTwo(
      () => ({ 'templates/x.yaml': MAP, 'values.yaml': `a: ${'{a: '.repeat(100_000)}${'}'.repeat(100_000)}\n` }),
      10,
    ),
  },
];
