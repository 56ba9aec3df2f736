import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { binaryPath } from './binaries.ts';
import { freePort } from './free-port.ts';
import { startServerProcess } from './server-process.ts';

/** An OCI registry on loopback, without TLS. */
export interface RegistryHandle {
  /** `127.0.0.1:port`, as written in an image reference. */
  host: string;
  stop: () => Promise<void>;
}

/** Starts the sandbox's OCI registry on a free port; with `login` it requires that user and password. */
export async function startRegistry(login?: { username: string; password: string }): Promise<RegistryHandle> {
  const state = await mkdtemp(join(tmpdir(), 'walm-registry-'));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const loginFlags = login === undefined ? [] : ['--username', login.username, '--password', login.password];
  const removeState = (): Promise<void> => rm(state, { recursive: true, force: true });
  try {
    const registry = await startServerProcess({
      name: `the registry on ${host}`,
      file: binaryPath('walm-sandbox'),
      args: ['registry', '--port', `${port}`, '--state', state, ...loginFlags],
      ready: () => answers(`http://${host}/v2/`),
    });
    return {
      host,
      async stop() {
        await registry.stop();
        await removeState();
      },
    };
  } catch (error) {
    await removeState();
    throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  const { status } = await fetch(url);
  return status === 200 || status === 401;
}
