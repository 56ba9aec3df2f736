import { existsSync, rmSync } from 'node:fs';

import { binaryPath } from '../test/harness/binaries.ts';
import { runProgram } from '../test/harness/run-program.ts';
import { stopInBackground } from './quickstart/background-process.ts';
import { STATE, statePaths } from './quickstart/state-folder.ts';
import { chartServer, walmServer } from './quickstart/walm.ts';

if (await stopInBackground(walmServer)) console.log('stopped the server');
if (await stopInBackground(chartServer)) console.log('stopped the chart repository');
if (existsSync(statePaths.sandbox)) {
  await runProgram(binaryPath('walm-sandbox'), ['down', '--state', statePaths.sandbox]);
  console.log('stopped the sandbox');
}
rmSync(STATE, { recursive: true, force: true });
console.log('removed the state folder; a cluster of your own (CLUSTER=mine) keeps what was installed there');
