/**
 * Measures lists of many releases in one process, without a cluster: `node test/bench/lists.ts --releases=5000`. Prints
 * medians, and how they relate to the summary of everything.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { compress, type Encoding } from '../../server/api/answers/compressed-answer.ts';
import { writeLongJson } from '../../server/api/answers/json-answer.ts';
import { createMemoryReleaseCache } from '../../server/adapters/memory/release-cache.ts';
import { systemClock } from '../../server/adapters/system/system-clock.ts';
import { toReleaseRecord } from '../../server/domain/release/release-record.ts';
import { createCompleteReleases } from '../../server/services/releases/observe/complete-releases.ts';
import { createBeginRead } from '../../server/services/releases/observe/read-point.ts';
import { createListReleases, type ReleaseFilter } from '../../server/services/releases/query/list-releases.ts';
import { kubeObject, picture, pod, READY_POD } from '../harness/clients/kube-objects.ts';
import { recordedRevision, releaseConfig } from '../harness/fakes/recorded-revision.ts';
import { quantile, timed } from './sample.ts';

const { values } = parseArgs({ options: { releases: { type: 'string', default: '5000' } } });
const releases = Number(values.releases);
const RUNS = 15;

const deployment = kubeObject('apps/v1', 'Deployment', 'web', {
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
});
const live = picture(deployment, pod('web-1', deployment, READY_POD));
const cache = createMemoryReleaseCache();
for (let i = 0; i < releases; i += 1) {
  const revision = recordedRevision({
    namespace: i % 2 === 0 ? 'demo' : `shop-${i % 50}`,
    name: `release-${i}`,
    chartName: `chart-${i % 20}`,
    updated: new Date(1_772_323_200_000 + i * 7_919).toISOString(),
    computedValues: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`value${at}`, `text ${at}`])),
    releaseConfig: releaseConfig({ releaseLabels: { team: `t${i % 9}` } }),
  });
  await cache.put(toReleaseRecord(revision, { earlier: null, firstWritten: revision.updated }));
}
const known = { status: { ready: true, phase: 'ready' as const, sequence: 1 } };
const statuses = { get: () => known, latestSequence: () => 1 };
const list = createListReleases({
  cache,
  live,
  statuses,
  tasks: { all: () => [], tasksOf: () => [] },
  clock: systemClock,
  isStale: () => false,
  findSeen: async () => () => false,
  beginRead: createBeginRead({ statuses }),
  completeReleases: createCompleteReleases({ worstDependencies: async () => new Map(), newerVersion: () => null }),
});

async function median(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) times.push(await timed(work));
  return quantile(times, 0.5);
}

const delay = monitorEventLoopDelay({ resolution: 1 });
const rows: [string, number][] = [];
async function measure(what: string, filter: ReleaseFilter): Promise<void> {
  rows.push([what, await median(async () => writeLongJson(await list(filter, null, null)))]);
}
delay.enable();
await measure('summary of all', { view: 'summary' });
await measure('everything of all', {});
await measure('names of all', { view: 'names' });
await measure('summary, page of 100', { view: 'summary', limit: 100 });
await measure('summary, page of 100, `sort=-updated`', { view: 'summary', limit: 100, sort: '-updated' });
await measure('summary, page of 100, `facets=true`', { view: 'summary', limit: 100, facets: true });
await measure('summary, page of 100, `q`, nothing matches', { view: 'summary', limit: 100, text: 'nothing' });
const bytes = await writeLongJson(await list({ view: 'summary' }, null, null));
const sizes: string[] = [];
for (const encoding of ['zstd', 'br', 'gzip'] as const satisfies readonly Encoding[]) {
  rows.push([`${encoding} of the summary of all, in another thread`, await median(() => compress(bytes, encoding))]);
  sizes.push(`${encoding} 1/${Math.round(bytes.length / (await compress(bytes, encoding)).length)}`);
}
delay.disable();

const [, whole = 1] = rows[0] ?? [];
console.log(`${releases} releases, medians of ${RUNS}\n\n| | ms | of the summary of all |\n| --- | --: | --: |`);
for (const [what, ms] of rows) console.log(`| ${what} | ${ms.toFixed(1)} | ${(ms / whole).toFixed(2)} |`);
console.log(`\n${(bytes.length / 1e6).toFixed(1)} MB; compressed ${sizes.join(', ')}`);
console.log(`event loop: p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`);
