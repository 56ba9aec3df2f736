import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { binaryPath } from './binaries.ts';
import { freePort } from './free-port.ts';

/** An OCI registry on loopback, without TLS. */
export interface RegistryHandle {
  /** `127.0.0.1:port`, as it stands in an image reference. */
  host: string;
  stop: () => Promise<void>;
}

const READY_TIMEOUT_MS = 20_000;

/** Starts the sandbox's OCI registry on a free port; with `login` it asks for that user and password. */
export async function startRegistry(login?: { username: string; password: string }): Promise<RegistryHandle> {
  const state = await mkdtemp(join(tmpdir(), 'walm-registry-'));
  const port = await freePort();
  const loginFlags = login === undefined ? [] : ['--username', login.username, '--password', login.password];
  const child = spawn(binaryPath('walm-sandbox'), ['registry', '--port', `${port}`, '--state', state, ...loginFlags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await rm(state, { recursive: true, force: true });
  };

  const host = `127.0.0.1:${port}`;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await answers(`http://${host}/v2/`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the registry on ${host} did not start: ${printed}`);
    }
    await delay(50);
  }
  return { host, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url);
    return status === 200 || status === 401;
  } catch {
    return false;
  }
}
