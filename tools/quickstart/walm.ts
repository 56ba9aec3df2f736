import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { ROOT } from '../source-files.ts';
import {
  nodeCommand,
  runningPid,
  startInBackground,
  stopInBackground,
  succeeds,
  untilAnswers,
} from './background-process.ts';
import { type BuiltServer, packServer } from '../pack-server.ts';
import { packCharts } from './pack-charts.ts';
import { chartServer, replicas, type ServerPart } from './parts.ts';
import { choosePort } from './ports.ts';
import { startProgress } from './progress-line.ts';
import { statePaths } from './state-folder.ts';

/** Settings of all servers, besides their own port and folder. */
export interface ServerSurroundings {
  kubeconfig: string;
  /** URL of the chart repository. */
  charts: string;
  /** Further options, as in walm.yaml. */
  options?: Record<string, unknown>;
}

/** Serves the example charts as a classic chart repository, unless that is running, and returns its URL. */
export async function serveCharts(): Promise<string> {
  const port = await choosePort(chartServer, 0);
  const progress = startProgress('charts');
  const url = `http://127.0.0.1:${port}`;
  const packed = packCharts(join(ROOT, 'examples/charts'), statePaths.charts);
  if (runningPid(chartServer) === undefined) {
    startInBackground(chartServer, nodeCommand(chartServer.mark, statePaths.charts, `${port}`));
  }
  await untilAnswers(chartServer, () => succeeds(`${url}/index.yaml`));
  progress.done(`${packed.join(', ')} in the repository ${url}`);
  return url;
}

/**
 * Starts servers, unless they are running with the same settings, and returns their URLs when all are ready. The first
 * one prefers the port, and each further one the next.
 */
export async function startServers(
  servers: readonly ServerPart[],
  preferredPort: number,
  surroundings: ServerSurroundings,
): Promise<string[]> {
  // All are started before the first wait: each takes seconds.
  let built: Promise<BuiltServer> | undefined;
  const program = async (): Promise<string> => (await (built ??= packServer())).program;
  const launched: { url: string; ran: boolean }[] = [];
  for (const [index, server] of servers.entries()) {
    launched.push(await launch(server, program, await choosePort(server, preferredPort + index), surroundings));
  }
  for (const [index, server] of servers.entries()) {
    const { url = '', ran = false } = launched[index] ?? {};
    const progress = startProgress(server.name);
    if (!ran) progress.update('starting');
    await untilAnswers(server, () => succeeds(`${url}/readiness`));
    progress.done(`${ran ? 'runs already' : 'is ready'} at ${url}`);
  }
  return launched.map(({ url }) => url);
}

async function launch(
  server: ServerPart,
  program: () => Promise<string>,
  port: number,
  { kubeconfig, charts, options = {} }: ServerSurroundings,
) {
  const url = `http://127.0.0.1:${port}`;
  const config = stringify({
    http: { port },
    kubernetes: { kubeconfig },
    dataDir: server.data,
    repoList: [{ name: 'examples', url: charts }],
    ...(replicas.includes(server) && { instanceId: server.name }),
    ...options,
  });
  const same = existsSync(server.config) && readFileSync(server.config, 'utf8') === config;
  const ran = runningPid(server) !== undefined && same;
  if (!ran) {
    await stopInBackground(server);
    writeFileSync(server.config, config, { mode: 0o600 });
    startInBackground(server, nodeCommand(await program(), '--config', server.config));
  }
  return { url, ran };
}
