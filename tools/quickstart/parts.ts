import { join } from 'node:path';

import { ROOT } from '../source-files.ts';
import { STATE, statePaths } from './state-folder.ts';

/** A program that quickstart leaves running. */
export interface Part {
  /** Name of its files for process id and output. */
  name: string;
  /** Text that only its own command line contains. */
  mark: string;
}

/** A server of Walm, with its files. */
export interface ServerPart extends Part {
  config: string;
  data: string;
}

function server(name: string, config: string, data: string): ServerPart {
  return { name, mark: join(STATE, config), config: join(STATE, config), data: join(STATE, data) };
}

/** Serves the example charts. */
export const chartServer: Part = { name: 'charts', mark: 'tools/quickstart/serve-folder.ts' };
/** The server of the simple mode. */
export const soleServer = server('server', 'walm.yaml', 'data');
/** The servers of cluster mode; these are also their names in the leader election. */
export const replicas: readonly ServerPart[] = ['walm-1', 'walm-2', 'walm-3'].map((name) =>
  server(name, `${name}.yaml`, `${name}-data`),
);
/** The address in front of the replicas. */
export const front: Part = { name: 'front', mark: 'tools/quickstart/front.ts' };
/** Recognised by the path that it was started with. */
export const redis: Part = { name: 'redis', mark: join(ROOT, 'bin/redis-server') };
export const kafka: Part = { name: 'kafka', mark: statePaths.kafka };
