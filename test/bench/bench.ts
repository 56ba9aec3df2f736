/**
 * Measures Walm against the helm command line on the same cluster in the same run, and prints a table.
 * `--check` makes it fail when a promised ratio is missed. Takes about two minutes.
 */
import { ABSENT } from '../harness/charts/charts.ts';
import { type BenchWorld, createBenchWorld } from './bench-world.ts';
import { median, p95, type Sample, throughput, timed } from './sample.ts';

/**
 * Promises: Walm's median is at least this many times shorter than helm's. With `server`, Walm sends the same requests
 * as an install (except for those that store something), while helm's dry run sends only half of them; so Walm must be
 * ahead by as much as in an install.
 */
const PROMISED = { install: 3, client: 5, server: 3 };
/** A fifth of the median of the original Walm (473 ms) for a dry run of zookeeper-6.1.0, in milliseconds. */
const JSONNET_MS = 94.6;

const WARM_UP = 5;
const ROUNDS = 30;
const READS = 300;
const IN_FLIGHT = 8;

interface Duel {
  what: string;
  walm: Sample;
  helm: Sample;
  atLeast: number;
}

const world = await createBenchWorld();
try {
  await warmUp(world);
  const duels = [await installs(world), await dryRuns(world, 'client'), await dryRuns(world, 'server')];
  const jsonnet = await jsonnetDryRuns(world);
  const reads = await readCalls(world);
  const rates = await rates8(world);
  printDuels(duels);
  printJsonnet(jsonnet);
  printRest(world, reads, rates);
  const missed = duels
    .filter(({ walm, helm, atLeast }) => median(helm) / median(walm) < atLeast)
    .map(({ what }) => what);
  if (median(jsonnet) > JSONNET_MS) missed.push('dry run of a jsonnet chart');
  if (process.argv.includes('--check') && missed.length > 0) {
    console.error(`missed: ${missed.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await world.close();
}

async function warmUp(world: BenchWorld): Promise<void> {
  for (let i = 0; i < WARM_UP; i += 1) {
    await walmInstall(world, 'warm');
    await world.api.remove(world.namespace, 'warm');
    await walmDryRun(world, 'client');
    await walmDryRun(world, 'server');
    await helmInstall(world, 'warm');
    await helmUninstall(world, 'warm');
    await helmDryRun(world);
  }
}

/** Installs in turn, so that other load on the machine affects both. */
async function installs(world: BenchWorld): Promise<Duel> {
  const duel = { what: 'install', walm: [] as number[], helm: [] as number[], atLeast: PROMISED.install };
  for (let i = 0; i < ROUNDS; i += 1) {
    duel.walm.push(await timed(() => walmInstall(world, `walm-${i}`)));
    duel.helm.push(await timed(() => helmInstall(world, `helm-${i}`)));
    await world.api.remove(world.namespace, `walm-${i}`);
    await helmUninstall(world, `helm-${i}`);
  }
  return duel;
}

/** `client` only renders, as `helm --dry-run=server` does; with `server` the cluster judges every object as well. */
async function dryRuns(world: BenchWorld, validate: 'client' | 'server'): Promise<Duel> {
  const what = `dry run, validate=${validate}`;
  const duel = { what, walm: [] as number[], helm: [] as number[], atLeast: PROMISED[validate] };
  for (let i = 0; i < ROUNDS; i += 1) {
    duel.walm.push(await timed(() => walmDryRun(world, validate)));
    duel.helm.push(await timed(() => helmDryRun(world)));
  }
  return duel;
}

/** Values that were never used before, so that only the parsed libraries can be cached. */
async function jsonnetDryRuns({ api, namespace, jsonnetChart }: BenchWorld): Promise<Sample> {
  if (jsonnetChart === undefined) return [];
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + ROUNDS; i += 1) {
    const zookeeper = { replicas: 1 + (i % 5), zoo_cfg: { maxClientCnxns: 100 + i } };
    const body = { name: `jsonnet-${i}`, configValues: { appConfig: { zookeeper } } };
    const took = await timed(async () => {
      const answer = await api.dryRun({ namespace, body, archive: jsonnetChart, query: { validate: 'client' } });
      if (answer.status !== 200) throw new Error(`the dry run answered ${answer.status} ${answer.text}`);
    });
    if (i >= WARM_UP) times.push(took);
  }
  return times;
}

async function readCalls(world: BenchWorld): Promise<Record<string, Sample>> {
  const names = Array.from({ length: 10 }, (_, i) => `read-${i}`);
  await Promise.all(names.map((name) => walmInstall(world, name)));
  const one: number[] = [];
  const list: number[] = [];
  for (let i = 0; i < READS; i += 1) {
    one.push(await timed(() => world.api.get(world.namespace, 'read-0')));
    list.push(await timed(() => world.api.list(world.namespace)));
  }
  await Promise.all(names.map((name) => world.api.remove(world.namespace, name)));
  return { 'GET one release': one, 'GET ten releases': list };
}

/** Each side makes the same number of installs, so that both meet an equally full cluster. */
async function rates8(world: BenchWorld): Promise<{ walm: number; helm: number }> {
  const walm = await throughput(24, IN_FLIGHT, (i) => walmInstall(world, `many-${i}`));
  await throughput(24, IN_FLIGHT, (i) => world.api.remove(world.namespace, `many-${i}`));
  const helm = await throughput(24, IN_FLIGHT, (i) => helmInstall(world, `many-${i}`));
  await throughput(24, IN_FLIGHT, (i) => helmUninstall(world, `many-${i}`));
  return { walm, helm };
}

async function walmInstall({ api, namespace, chart }: BenchWorld, name: string): Promise<void> {
  await api.mustInstall({ namespace, body: { name }, archive: chart.bytes });
}

async function walmDryRun({ api, namespace, chart }: BenchWorld, validate: 'client' | 'server'): Promise<void> {
  const answer = await api.dryRun({ namespace, body: { name: 'dry' }, archive: chart.bytes, query: { validate } });
  if (answer.status !== 200) throw new Error(`the dry run answered ${answer.status} ${answer.text}`);
}

function helmInstall({ helm, namespace, chart }: BenchWorld, name: string): Promise<string> {
  return helm.run('install', name, chart.file, '--namespace', namespace);
}

function helmUninstall({ helm, namespace }: BenchWorld, name: string): Promise<string> {
  return helm.run('uninstall', name, '--namespace', namespace);
}

function helmDryRun({ helm, namespace, chart }: BenchWorld): Promise<string> {
  return helm.run('install', 'dry', chart.file, '--dry-run=server', '--namespace', namespace);
}

function printDuels(duels: Duel[]): void {
  console.log(`\nHelm's starter chart, ${ROUNDS} of each in turn, warm\n`);
  console.log(
    '| | Walm median | p95 | helm median | p95 | ratio | promised |\n| --- | --: | --: | --: | --: | --: | --: |',
  );
  for (const { what, walm, helm, atLeast } of duels) {
    const cells = [ms(median(walm)), ms(p95(walm)), ms(median(helm)), ms(p95(helm))];
    const ratio = (median(helm) / median(walm)).toFixed(1);
    console.log(`| ${what} | ${cells.join(' | ')} | **${ratio} ×** | ≥ ${atLeast} × |`);
  }
}

function printJsonnet(times: Sample): void {
  if (times.length === 0) {
    console.log(`\njsonnet: not measured, ${ABSENT}`);
    return;
  }
  console.log('\n| jsonnet chart zookeeper-6.1.0 | median | p95 | promised |\n| --- | --: | --: | --: |');
  console.log(`| dry run, other values each time | ${ms(median(times))} | ${ms(p95(times))} | ≤ ${JSONNET_MS} ms |`);
}

function printRest(world: BenchWorld, reads: Record<string, Sample>, rates: { walm: number; helm: number }): void {
  const { server, engine } = world.memoryMi();
  console.log('\n| | |\n| --- | --: |');
  for (const [what, sample] of Object.entries(reads)) {
    console.log(`| ${what}, median / p95 | ${median(sample).toFixed(1)} / ${p95(sample).toFixed(1)} ms |`);
  }
  console.log(
    `| installs, ${IN_FLIGHT} in flight: Walm / helm | ${rates.walm.toFixed(1)} / ${rates.helm.toFixed(1)} per second |`,
  );
  console.log(`| sandbox ready | ${(world.sandboxReadyMs / 1000).toFixed(1)} s |`);
  console.log(`| server ready | ${(world.serverReadyMs / 1000).toFixed(1)} s |`);
  console.log(`| memory after it all: server / engine | ${server.toFixed(0)} / ${engine.toFixed(0)} Mi |`);
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
