import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from '../errors/failures.ts';
import type { Environment } from '../system/environment.ts';
import { nodeChildProcess, nodeCrypto } from '../system/node-modules.ts';
import type { ExecPlugin } from './kubeconfig.ts';
import { isRecord } from '../files/json-object.ts';

/** Where a run keeps what plugins answered, and what it lends them. */
export interface ExecSurroundings {
  readonly env: Environment;
  /** Folder of answers, readable by their owner only. */
  readonly folder: string;
  readonly isInteractive: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Kept {
  readonly token: string;
  readonly expires: string;
}

/** Milliseconds before its end from which a token is not used any more. */
const MARGIN_MS = 10_000;
const MAX_ANSWER = 1024 * 1024;

function cachePath(plugin: ExecPlugin, server: string, folder: string): string {
  const key = JSON.stringify([plugin.command, plugin.args, plugin.env, plugin.apiVersion, server]);
  return join(folder, `${nodeCrypto().createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
}

/** The token that a plugin answered and that is still good; undefined if there is none. */
export function keptToken(plugin: ExecPlugin, server: string, surroundings: ExecSurroundings): string | undefined {
  try {
    const kept = JSON.parse(readFileSync(cachePath(plugin, server, surroundings.folder), 'utf8')) as Partial<Kept>;
    const ends = Date.parse(kept.expires ?? '');
    return ends - MARGIN_MS > surroundings.now() && typeof kept.token === 'string' ? kept.token : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets what a plugin answered, after the server refused it. */
export function forgetToken(plugin: ExecPlugin, server: string, surroundings: ExecSurroundings): void {
  rmSync(cachePath(plugin, server, surroundings.folder), { force: true });
}

/**
 * Runs a plugin and returns its token, which is kept until it expires.
 * @throws UsageError if the plugin cannot be run, fails, or answers something else than a token
 */
export async function runPlugin(plugin: ExecPlugin, server: string, surroundings: ExecSurroundings): Promise<string> {
  if (plugin.interactiveMode === 'Always' && !surroundings.isInteractive) {
    throw new UsageError(`the exec plugin ${plugin.command} of the kubeconfig needs a terminal, and there is none`);
  }
  const answer = await outputOf(plugin, surroundings);
  let status: unknown;
  try {
    const value: unknown = JSON.parse(answer);
    status = isRecord(value) ? value['status'] : undefined;
  } catch {
    status = undefined;
  }
  const token = isRecord(status) ? status['token'] : undefined;
  if (typeof token !== 'string' || token === '') {
    throw new UsageError(`the exec plugin ${plugin.command} of the kubeconfig returned no token`, [
      'a client certificate is not a bearer token: kubectl create token SERVICEACCOUNT creates one',
    ]);
  }
  const expires = isRecord(status) ? status['expirationTimestamp'] : undefined;
  if (typeof expires === 'string') {
    mkdirSync(surroundings.folder, { recursive: true, mode: 0o700 });
    const kept: Kept = { token, expires };
    writeFileSync(cachePath(plugin, server, surroundings.folder), JSON.stringify(kept), { mode: 0o600 });
  }
  return token;
}

function outputOf(plugin: ExecPlugin, { env, isInteractive }: ExecSurroundings): Promise<string> {
  const interactive = isInteractive && plugin.interactiveMode !== 'Never';
  const info = {
    kind: 'ExecCredential',
    apiVersion: plugin.apiVersion,
    spec: { interactive, ...(plugin.provideClusterInfo && { cluster: plugin.cluster }) },
  };
  const command = plugin.command.includes('/') ? join(plugin.folder, plugin.command) : plugin.command;
  return new Promise((resolve, reject) => {
    const child = nodeChildProcess().spawn(plugin.command.startsWith('/') ? plugin.command : command, plugin.args, {
      env: { ...env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.length > MAX_ANSWER) child.kill();
    });
    child.once('error', () => {
      const hint = plugin.installHint === '' ? [] : [plugin.installHint];
      reject(new UsageError(`the exec plugin ${plugin.command} of the kubeconfig cannot be run`, hint));
    });
    child.once('close', (code) => {
      if (code === 0) resolve(text);
      else
        reject(new UsageError(`the exec plugin ${plugin.command} of the kubeconfig exited with ${code ?? 'a signal'}`));
    });
  });
}
