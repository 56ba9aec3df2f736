import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { startSandbox } from '../test/harness/programs/sandbox.ts';

/**
 * Runs a command with its own sandbox: `with-sandbox.ts go test ./...`. The command finds its kubeconfig in
 * WALM_TEST_KUBECONFIG; the exit code is the command's. If this variable already names a cluster, that one is used
 * instead.
 */
async function run(program: string, args: readonly string[], kubeconfig: string): Promise<number> {
  const env = { ...process.env, WALM_TEST_KUBECONFIG: kubeconfig };
  const child = spawn(program, args, { stdio: 'inherit', env });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('usage: with-sandbox.ts PROGRAM [ARGUMENT…]');
const given = process.env['WALM_TEST_KUBECONFIG'];
if (given) {
  process.exitCode = await run(program, args, given);
} else {
  const { handle, stop } = await startSandbox();
  try {
    process.exitCode = await run(program, args, handle.kubeconfig);
  } finally {
    await stop();
  }
}
