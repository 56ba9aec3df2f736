import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { type ChartArchive, fixtureChart, folderChart } from '../charts/chart-builder.ts';
import { startChartRepository } from '../charts/chart-repository.ts';
import { exampleChart } from '../charts/charts.ts';
import { commonLibrary } from '../charts/common-library.ts';
import { freePort } from './free-port.ts';
import { createHelmCli } from './helm-cli.ts';
import { startRegistry } from './registry.ts';
import { type SandboxHandle, startSandbox } from './sandbox.ts';
import { odditiesChart, platformChart } from '../charts/unusual-charts.ts';
import { startWalmServer } from './walm-server.ts';

/** What all integration tests share, as they get it by `inject('surroundings')`. */
export interface Surroundings {
  kubeconfig: string;
  /** File in which the API server logs every request; undefined if the cluster was given from outside. */
  auditLog: string | undefined;
  /** Base URL of the running server. */
  server: string;
  serverPid: number;
  /** File that the server's standard output and error are written to. */
  logFile: string;
  /** Name and URL of the configured repository; it has the fixture, example and starter charts. */
  repository: { name: string; url: string };
  /** Configured repositories that tests serve by themselves on these ports: one with login, two without. */
  ownRepositories: Record<'private' | 'odd' | 'qa', { port: number }>;
  /** `127.0.0.1:port` of a registry without login that has them too, below `charts/`. */
  registry: string;
  /** Folder with what `helm create` writes. */
  starter: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    surroundings: Surroundings;
  }
}

/** Charts of test/fixtures/charts that repository and registry offer, in addition to the examples and `starter`. */
const SHARED_CHARTS = ['estate', 'umbrella', 'hooks', 'crds', 'functions', 'schema', 'library', 'misbehaving'] as const;

/** Login of the configured repository `private`. */
export const PRIVATE_LOGIN = { username: 'reader', password: 'canary-repository-password' };

/** Starts sandbox, repository, registry and server once for all integration tests, and stops them in reverse. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const given = process.env['WALM_TEST_KUBECONFIG'];
    const { kubeconfig, auditLog } = given
      ? { kubeconfig: given, auditLog: undefined }
      : await startOwnSandbox(closers);
    const helm = createHelmCli(kubeconfig);
    closers.push(() => helm.close());
    await helm.run('create', 'starter');
    const starter = join(helm.folder, 'starter');
    const folders = [starter, exampleChart('zookeeper'), exampleChart('kafka')];
    const charts = [
      ...folders.map(folderChart),
      ...SHARED_CHARTS.map((name) => fixtureChart(name)),
      odditiesChart(),
      platformChart(),
    ];

    const repository = await startChartRepository();
    closers.push(() => repository.close());
    charts.forEach((chart, i) => repository.add(chart, { absolute: i % 2 === 1 }));

    const registry = await startRegistry();
    closers.push(() => registry.stop());
    await Promise.all(charts.map((chart) => push(helm, chart, registry.host)));

    const ownRepositories = {
      private: { port: await freePort() },
      odd: { port: await freePort() },
      qa: { port: await freePort() },
    };
    const repositories = [
      { name: 'stable', url: repository.url },
      { name: 'private', url: `http://127.0.0.1:${ownRepositories.private.port}`, ...PRIVATE_LOGIN },
      { name: 'odd', url: `http://127.0.0.1:${ownRepositories.odd.port}` },
      { name: 'qa', url: `http://127.0.0.1:${ownRepositories.qa.port}` },
    ];
    const library = commonLibrary();
    closers.push(() => library?.close());
    const flags = library === undefined ? [] : [`--jsonnet-config-common-template-files-path=${library.folder}`];
    const server = await startWalmServer({ kubeconfig, repositories, flags });
    closers.push(() => server.stop());
    project.provide('surroundings', {
      kubeconfig,
      auditLog,
      server: server.url,
      serverPid: server.pid,
      logFile: server.logFile,
      repository: { name: 'stable', url: repository.url },
      ownRepositories,
      registry: registry.host,
      starter,
    });
  } catch (failure) {
    await close();
    throw failure;
  }
  return close;
}

async function startOwnSandbox(closers: (() => Promise<unknown> | void)[]): Promise<SandboxHandle> {
  const { handle, stop } = await startSandbox();
  closers.push(stop);
  return handle;
}

async function push(helm: ReturnType<typeof createHelmCli>, chart: ChartArchive, host: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'walm-push-'));
  const file = join(folder, `${chart.name}-${chart.version}.tgz`);
  writeFileSync(file, chart.bytes);
  await helm.run('push', file, `oci://${host}/charts`, '--plain-http');
  rmSync(folder, { recursive: true });
}
