import { existsSync, rmSync } from 'node:fs';

import { binaryPath } from '../test/harness/programs/binaries.ts';
import { runProgram } from '../test/harness/programs/run-program.ts';
import { stopParts } from './quickstart/modes.ts';
import { chartServer, front, kafka, redis, replicas, soleServer } from './quickstart/parts.ts';
import { STATE, statePaths } from './quickstart/state-folder.ts';

await stopParts([front, soleServer, ...replicas, chartServer, redis, kafka]);
if (existsSync(statePaths.sandbox)) {
  await runProgram(binaryPath('walm-sandbox'), ['down', '--state', statePaths.sandbox]);
  console.log('stopped the sandbox');
}
rmSync(STATE, { recursive: true, force: true });
console.log('removed the state folder; a cluster of your own (CLUSTER=mine) keeps what was installed there');
