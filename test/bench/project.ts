/**
 * Measures the plan and the application of a project of 30 releases in five levels, and prints a table; `--rounds=3`.
 * `--check` makes it fail when a promise is missed. Takes about two minutes.
 */
import { parseArgs } from 'node:util';

import type { ProjectPlan } from '../../contract/schemas/project-preview.ts';
import type { TaskInfo, TaskList } from '../../contract/schemas/task.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { startChartRepository } from '../harness/charts/chart-repository.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { startBenchParts } from './bench-parts.ts';
import { median, timed } from './sample.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, check: { type: 'boolean', default: false } },
});

/** Promises: milliseconds, and the time of an application as a multiple of its critical path. */
const PROMISED = { planMs: 3_000, ratio: 1.15 };
const [LEVELS, RELEASES] = [5, 30];
const WIDTH = RELEASES / LEVELS;

const repository = await startChartRepository();
repository.add(
  buildChart('part', {
    'templates/got.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {got: {{ .Values | toJson | quote }}}\n',
  }),
);
const stable = { name: 'stable', url: repository.url };
const { api, kube, close } = await startBenchParts([], [() => repository.close()], [stable]);
const [plans, ratios]: [number[], number[]] = [[], []];
try {
  const namespace = await createNamespace(kube, 'projects');
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const path = `/api/v1/project/${namespace}/name/round-${round}`;
    const body = JSON.stringify({ releases: releasesOf(round) });
    const put = async (query: Record<string, boolean>) => {
      const answer = await api.send('PUT', path, { query, headers: { 'content-type': 'application/json' }, body });
      if (answer.status !== 200) throw new Error(`the project answered ${answer.status} ${answer.text}`);
      return answer;
    };
    plans.push(await timed(() => put({ dryrun: true })));
    await put({});
    const plan = (await put({ dryrun: true })).body as ProjectPlan;
    if (plan.waves.length > 0) throw new Error('the project is not what was asked for');
    ratios.push(await ratioOf(namespace, `round-${round}`));
  }
} finally {
  await close();
}
const [planMs, ratio] = [median(plans), median(ratios)];
console.log('\n| a project of 30 releases in five levels | measured | promised |\n| --- | --: | --: |');
console.log(`| plan | ${planMs.toFixed(0)} ms | ≤ ${PROMISED.planMs} ms |`);
console.log(`| application, of its critical path | ${ratio.toFixed(2)} | ≤ ${PROMISED.ratio} |`);
if (values.check && (planMs > PROMISED.planMs || ratio > PROMISED.ratio)) process.exitCode = 1;

/** Six releases a level, each after one of the level below. */
function releasesOf(round: number): object[] {
  return Array.from({ length: RELEASES }, (_, i) => ({
    name: `r${round}-${i}`,
    chartName: 'part',
    ...(i >= WIDTH && { dependencies: { below: `r${round}-${i - WIDTH}` } }),
  }));
}

/** How long the task took, as a multiple of its longest chain of release tasks. */
async function ratioOf(namespace: string, project: string): Promise<number> {
  const { body } = await api.send('GET', '/api/v1/task', { query: { namespace } });
  const tasks = (body as TaskList).items;
  const whole = tasks.find((task) => task.project === project);
  if (whole === undefined) throw new Error(`there is no task of ${project}`);
  const took = new Map(tasks.filter(({ id }) => id.startsWith(`${whole.id}-`)).map((task) => [task.id, msOf(task)]));
  const chains = Array.from({ length: WIDTH }, (_, at) =>
    Array.from({ length: LEVELS }, (__, level) => took.get(`${whole.id}-${level * WIDTH + at + 1}`) ?? 0),
  );
  return msOf(whole) / Math.max(...chains.map((chain) => chain.reduce((sum, ms) => sum + ms, 0)));
}

function msOf({ startedAt = '', finishedAt = '' }: TaskInfo): number {
  return Date.parse(finishedAt) - Date.parse(startedAt);
}
