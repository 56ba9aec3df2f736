import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { stringify } from 'yaml';

import { freePort } from '../../test/harness/free-port.ts';
import { ROOT } from '../source-files.ts';
import { logFile, runningPid, startInBackground, stopInBackground } from './background-process.ts';
import { packCharts } from './pack-charts.ts';
import { startProgress } from './progress-line.ts';
import { STATE, statePaths } from './state-folder.ts';

/** Ports of 127.0.0.1, kept between runs. */
interface Ports {
  server: number;
  charts: number;
}

const START_TIMEOUT_MS = 60_000;
const DEFAULT_PORT = 9999;

export const chartServer = { name: 'charts', script: 'tools/quickstart/serve-folder.ts' } as const;
export const walmServer = { name: 'server', script: 'server/main.ts' } as const;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Waits until the process answers; throws with the end of its log when it ended or does not in time. */
async function untilAnswers(url: string, started: typeof chartServer | typeof walmServer): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (runningPid(started) === undefined || Date.now() > deadline) {
      const log = readFileSync(logFile(started.name), 'utf8').trimEnd().split('\n').slice(-20).join('\n');
      throw new Error(`${started.script} does not answer at ${url}; its log ends:\n${log}`);
    }
    await delay(100);
  }
}

/** The ports of the run before, as far as nobody else took them meanwhile: he would answer in our place. */
async function choosePorts(): Promise<Ports> {
  const kept: Ports = existsSync(statePaths.ports)
    ? (JSON.parse(readFileSync(statePaths.ports, 'utf8')) as Ports)
    : { server: DEFAULT_PORT, charts: 0 };
  const ports = {
    server: runningPid(walmServer) === undefined ? await freePort(kept.server) : kept.server,
    charts: runningPid(chartServer) === undefined ? await freePort(kept.charts) : kept.charts,
  };
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  writeFileSync(statePaths.ports, JSON.stringify(ports));
  return ports;
}

/** Serves the example charts as a classic chart repository and returns its URL. */
async function serveCharts(port: number): Promise<string> {
  const progress = startProgress('charts');
  const url = `http://127.0.0.1:${port}`;
  const packed = packCharts(join(ROOT, 'examples/charts'), statePaths.charts);
  if (runningPid(chartServer) === undefined) {
    startInBackground({ ...chartServer, args: [statePaths.charts, `${port}`] });
  }
  await untilAnswers(`${url}/index.yaml`, chartServer);
  progress.done(`${packed.join(', ')} in the repository ${url}`);
  return url;
}

/** Starts chart repository and server unless they run, and returns the server's URL. */
export async function startWalm(kubeconfig: string): Promise<string> {
  const ports = await choosePorts();
  const charts = await serveCharts(ports.charts);
  const config = stringify({
    http: { port: ports.server },
    kubernetes: { kubeconfig },
    dataDir: statePaths.serverData,
    repoList: [{ name: 'examples', url: charts }],
  });
  const progress = startProgress('server');
  const url = `http://127.0.0.1:${ports.server}`;
  const same = existsSync(statePaths.serverConfig) && readFileSync(statePaths.serverConfig, 'utf8') === config;
  const ran = runningPid(walmServer) !== undefined && same;
  if (!ran) {
    progress.update('starting');
    await stopInBackground(walmServer);
    writeFileSync(statePaths.serverConfig, config, { mode: 0o600 });
    startInBackground({ ...walmServer, args: ['--config', statePaths.serverConfig] });
  }
  await untilAnswers(`${url}/readiness`, walmServer);
  progress.done(`${ran ? 'runs already' : 'is ready'} at ${url}`);
  return url;
}
