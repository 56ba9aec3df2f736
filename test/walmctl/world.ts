import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { TestProject } from 'vitest/node';

import { packServer } from '../../tools/pack-server.ts';
import { packWalmctl } from '../../tools/pack-walmctl.ts';
import { ROOT } from '../../tools/source-files.ts';
import { folderChart } from '../harness/charts/chart-builder.ts';
import { startChartRepository } from '../harness/charts/chart-repository.ts';
import { exampleChart } from '../harness/charts/charts.ts';
import { binaryPath } from '../harness/programs/binaries.ts';
import { startSandbox } from '../harness/programs/sandbox.ts';
import { startWalmServer } from '../harness/programs/walm-server.ts';

/** What the tests of walmctl share, as they get it by `inject('walmctl')`: what users have, as it is built. */
export interface WalmctlWorld {
  /** URL of a server without authentication, with the example charts in its repository `examples`. */
  server: string;
  kubeconfig: string;
  /** State folder and audit log of the sandbox; undefined if the cluster was given from outside. */
  state: string | undefined;
  auditLog: string | undefined;
  repository: string;
  /** Folder with `walmctl` as npm installs it, for the PATH. */
  bin: string;
  /** Folder with a `node` of version 20; undefined where there is none for this machine. */
  node20: string | undefined;
  /** Folder with copies of the example charts, to be named in commands. */
  charts: string;
  /** Main program of the server, for tests that start one of their own. */
  program: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    walmctl: WalmctlWorld;
  }
}

const NODE_20 = join(ROOT, '.cache/node20/node_modules/.bin');
const ENGINE = `--engine-path=${binaryPath('walm-engine')}`;

/** Packs walmctl and installs the package into an empty folder, without the network. Returns the folder of its programs. */
async function installWalmctl(folder: string): Promise<string> {
  const source = (await packWalmctl(join(folder, 'walmctl'))).folder;
  const npm = async (args: readonly string[], cwd: string): Promise<string> =>
    (await promisify(execFile)('npm', args, { cwd, encoding: 'utf8' })).stdout.trim();
  const archive = await npm(['pack', '--silent', '--pack-destination', folder], source);
  const prefix = join(folder, 'installed');
  await npm(['install', '--global', '--silent', '--offline', '--prefix', prefix, join(folder, archive)], folder);
  return join(prefix, 'bin');
}

/** Starts sandbox, chart repository and server once for all tests of walmctl, and stops them in reverse. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'walmctl-world-'));
  const closers: (() => Promise<unknown> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    // Not in dist: what a user runs from there is not replaced under it. The engine is found by the flag.
    const { program } = await packServer(join(folder, 'server'));
    const bin = await installWalmctl(folder);
    const charts = join(folder, 'charts');
    const repository = await startChartRepository();
    closers.push(() => repository.close());
    for (const name of ['zookeeper', 'kafka'] as const) {
      repository.add(folderChart(exampleChart(name)));
      cpSync(exampleChart(name), join(charts, name), { recursive: true });
    }
    const given = process.env['WALM_TEST_KUBECONFIG'];
    let cluster: { kubeconfig: string; state: string | undefined; auditLog: string | undefined };
    if (given !== undefined && given !== '') {
      cluster = { kubeconfig: given, state: undefined, auditLog: undefined };
    } else {
      const { handle, stop } = await startSandbox();
      closers.push(stop);
      cluster = handle;
    }
    const repositories = [{ name: 'examples', url: repository.url }];
    const server = await startWalmServer({
      kubeconfig: cluster.kubeconfig,
      repositories,
      program,
      flags: [ENGINE],
    });
    closers.push(() => server.stop());
    project.provide('walmctl', {
      server: server.url,
      ...cluster,
      repository: repository.url,
      bin,
      node20: existsSync(join(NODE_20, 'node')) ? NODE_20 : undefined,
      charts,
      program,
    });
  } catch (failure) {
    await close();
    throw failure;
  }
  return close;
}
