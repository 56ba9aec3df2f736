/**
 * Measures Walm on a cluster full of releases and prints a table; `--releases=5000 --revisions=10 --nodes=50`.
 * `--check` makes it fail when a promise is missed. Takes about six minutes at full scale.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { folderChart } from '../harness/charts/chart-builder.ts';
import { createHelmCli } from '../harness/programs/helm-cli.ts';
import { createKubeClient } from '../harness/clients/kube-client.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { measureScale, type ScaleFigures } from './measure-scale.ts';

/** Promises at 5,000 releases of 10 revisions. */
const PROMISED = {
  seedMs: 300_000,
  servingMs: 5_000,
  completeMs: 30_000,
  listP95Ms: 20,
  readyP95Ms: 20,
  changeP99Ms: 2_000,
  memoryMi: 1_024,
} as const;

const { values } = parseArgs({
  options: {
    releases: { type: 'string', default: '5000' },
    revisions: { type: 'string', default: '10' },
    nodes: { type: 'string', default: '50' },
    check: { type: 'boolean', default: false },
  },
});
const [releases, revisions, nodes] = [Number(values.releases), Number(values.revisions), Number(values.nodes)];

const sandbox = await startSandbox(nodes, { audited: false });
const { kubeconfig } = sandbox.handle;
const kube = createKubeClient(kubeconfig);
const helm = createHelmCli(kubeconfig);
const folder = mkdtempSync(join(tmpdir(), 'walm-scale-'));
try {
  await helm.run('create', join(folder, 'starter'));
  const archive = folderChart(join(folder, 'starter')).bytes;
  const size = { releases, revisions, lists: 300, changes: 100 };
  const figures = await measureScale({ kubeconfig, kube, archive, flags: [], ...size });
  const missed = print({ ...figures, memoryMi: figures.serverMi + figures.engineMi });
  if (!figures.honest) console.log('the first answer did not say that it was not complete');
  if (values.check && missed.length > 0) {
    console.error(`missed: ${missed.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  helm.close();
  kube.close();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Prints the table; returns the promises that were missed. */
function print(figures: ScaleFigures & { memoryMi: number }): string[] {
  console.log(`\n${releases} releases of ${revisions} revisions, ${nodes} nodes\n`);
  console.log('| | measured | promised |\n| --- | --: | --: |');
  const rows: [string, keyof typeof PROMISED, string][] = [
    ['records written', 'seedMs', 'ms'],
    ['from start to first answers', 'servingMs', 'ms'],
    ['from start to complete', 'completeMs', 'ms'],
    ['page of 50 with a label filter, p95', 'listP95Ms', 'ms'],
    ['page of 50 with `ready`, p95', 'readyP95Ms', 'ms'],
    ['change in the cluster to API, p99', 'changeP99Ms', 'ms'],
    ['memory of server and engine', 'memoryMi', 'Mi'],
  ];
  for (const [what, key, unit] of rows) {
    console.log(
      `| ${what} | ${figures[key].toFixed(figures[key] < 100 ? 1 : 0)} ${unit} | ≤ ${PROMISED[key]} ${unit} |`,
    );
  }
  return rows.filter(([, key]) => figures[key] > PROMISED[key]).map(([what]) => what);
}
