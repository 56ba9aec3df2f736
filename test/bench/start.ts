/**
 * Measures starts and memory of what is built beside the sources: `node test/bench/start.ts`. Prints tables; `--check`
 * ends with 1 when a promise is missed. Rounds of both sides alternate, so that other work of the machine meets both.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { packServer } from '../../tools/pack-server.ts';
import { packWalmctl } from '../../tools/pack-walmctl.ts';
import { ROOT } from '../../tools/source-files.ts';
import { buildChart } from '../harness/charts/chart-builder.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { makeRecordTemplate, seedReleases } from '../harness/clients/seeded-releases.ts';
import { createWalmApi } from '../harness/clients/walm-api.ts';
import { freePort } from '../harness/programs/free-port.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { residentMi } from '../harness/resident-memory.ts';
import { median, timed } from './sample.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    starts: { type: 'string', default: '5' },
    releases: { type: 'string', default: '100' },
    check: { type: 'boolean', default: false },
  },
});
const PROMISES = { helpMs: 150, answerMs: 1_000, serverMi: 150, walmctlMs: 80, completionMs: 150 } as const;
/** How long a server is left alone before its memory is read. */
const SETTLING_MS = 5_000;

const folder = mkdtempSync(join(tmpdir(), 'walm-start-'));
const built = (await packServer(join(folder, 'server'))).program;
const walmctl = join((await packWalmctl()).folder, 'walmctl.mjs');
const sources = join(ROOT, 'server/main.ts');

async function ended(args: readonly string[]): Promise<void> {
  await once(spawn(process.execPath, args, { stdio: 'ignore', env: { ...process.env, HOME: folder } }), 'close');
}

/** Medians of runs to the end, in milliseconds; the programs take turns. */
async function runTimes(programs: Readonly<Record<string, readonly string[]>>): Promise<Record<string, number>> {
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, [] as number[]]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, args] of Object.entries(programs)) times[name]?.push(await timed(() => ended(args)));
  }
  return Object.fromEntries(Object.entries(times).map(([name, sample]) => [name, median(sample)]));
}

interface Started {
  child: ChildProcess;
  port: number;
  answerMs: number;
}

/** Starts a server; resolves when it has answered a list of all releases that is complete. */
async function start(program: string, kubeconfig: string): Promise<Started> {
  const port = await freePort();
  const data = mkdtempSync(join(folder, 'data-'));
  const flags = [`--kubernetes-kubeconfig=${kubeconfig}`, `--http-port=${port}`, `--data-dir=${data}`];
  const engine = `--engine-path=${join(ROOT, 'bin/walm-engine')}`;
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...flags, engine], { stdio: 'ignore', cwd: folder });
  while (!(await answers(`http://127.0.0.1:${port}/readiness`))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    await delay(5);
  }
  return { child, port, answerMs: performance.now() - started };
}

async function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => resolve(response.resume().statusCode === 200)).on('error', () => {
      resolve(false);
    });
  });
}

async function stop({ child }: Started): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'close');
}

/** Times until the first answer, as medians, and the memory of the server at that time. */
async function startTimes(kubeconfig: string): Promise<Record<'sources' | 'built', { ms: number; mi: number }>> {
  const measured = { sources: [] as number[], built: [] as number[] };
  const memory = { sources: 0, built: 0 };
  for (let round = 0; round < Number(values.starts); round += 1) {
    for (const side of ['sources', 'built'] as const) {
      const server = await start(side === 'built' ? built : sources, kubeconfig);
      measured[side].push(server.answerMs);
      memory[side] = residentMi(server.child.pid);
      await stop(server);
    }
  }
  return {
    sources: { ms: median(measured.sources), mi: memory.sources },
    built: { ms: median(measured.built), mi: memory.built },
  };
}

interface WithReleases {
  /** Memory of a server that has answered for all releases and is left alone since. */
  mi: number;
  /** How long completion takes that asks this server for names. */
  completionMs: number;
}

async function withReleases(program: string, kubeconfig: string): Promise<WithReleases> {
  const server = await start(program, kubeconfig);
  const url = `http://127.0.0.1:${server.port}`;
  const api = createWalmApi(url);
  for (let i = 0; i < 20; i += 1) await api.list(undefined, { view: 'summary' });
  await delay(SETTLING_MS);
  const mi = residentMi(server.child.pid);
  // Each time another prefix, so that the names come from the server.
  let asked = 0;
  const complete = () =>
    ended([walmctl, '__complete', 'release', `app-000${(asked += 1)}`, '-n', 'seed-000', '-s', url]);
  const times: number[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) times.push(await timed(complete));
  await stop(server);
  return { mi, completionMs: median(times) };
}

interface Row {
  what: string;
  unit: 'ms' | 'Mi';
  before?: number;
  now: number;
  promised?: number;
}

function print(rows: readonly Row[]): void {
  console.log('| | sources | built | ratio | promised |\n| --- | --: | --: | --: | --: |');
  for (const { what, unit, before, now, promised } of rows) {
    const ratio = before === undefined ? '' : `**${(before / now).toFixed(1)} ×**`;
    const old = before === undefined ? '' : `${Math.round(before)} ${unit}`;
    const limit = promised === undefined ? '' : `≤ ${promised} ${unit}`;
    console.log(`| ${what} | ${old} | ${Math.round(now)} ${unit} | ${ratio} | ${limit} |`);
  }
}

const sandbox = await startSandbox(3, { audited: false });
try {
  const { kubeconfig } = sandbox.handle;
  const runs = await runTimes({
    bare: ['-e', '0'],
    sources: [sources, '--help'],
    built: [built, '--help'],
    walmctl: [walmctl, '--help'],
    install: [walmctl, 'install', '--help'],
  });
  const starts = await startTimes(kubeconfig);
  const seeding = await start(built, kubeconfig);
  const kube = createKubeClient(kubeconfig);
  const template = await makeRecordTemplate(
    createWalmApi(`http://127.0.0.1:${seeding.port}`),
    kube,
    buildChart('small', {
      'templates/config.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {a: b}\n',
    }).bytes,
  );
  await stop(seeding);
  await seedReleases(kube, template, { releases: Number(values.releases), revisions: 1 });
  kube.close();
  const full = {
    sources: await withReleases(sources, kubeconfig),
    built: await withReleases(built, kubeconfig),
  };
  const { bare = 0, sources: sourcesHelp = 0, built: builtHelp = 0, walmctl: help = 0, install = 0 } = runs;
  const rows: Row[] = [
    { what: '`node -e 0`', unit: 'ms', now: bare },
    { what: 'server `--help`', unit: 'ms', before: sourcesHelp, now: builtHelp, promised: PROMISES.helpMs },
    {
      what: 'from the start to the first answer, empty cluster',
      unit: 'ms',
      before: starts.sources.ms,
      now: starts.built.ms,
      promised: PROMISES.answerMs,
    },
    { what: 'server then, resident', unit: 'Mi', before: starts.sources.mi, now: starts.built.mi },
    {
      what: `server with ${values.releases} releases, resident`,
      unit: 'Mi',
      before: full.sources.mi,
      now: full.built.mi,
      promised: PROMISES.serverMi,
    },
    { what: '`walmctl --help`', unit: 'ms', now: help, promised: PROMISES.walmctlMs },
    {
      what: 'names for completion, from the server',
      unit: 'ms',
      now: full.built.completionMs,
      promised: PROMISES.completionMs,
    },
    { what: '`walmctl install --help`', unit: 'ms', now: install, promised: PROMISES.walmctlMs },
  ];
  print(rows);
  const missed = rows.filter(({ now, promised }) => promised !== undefined && now > promised);
  if (values.check && missed.length > 0) process.exitCode = 1;
} finally {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
}
