import { readFileSync } from 'node:fs';

import { UsageError } from '../errors/failures.ts';
import type { Authorization } from '../http/walm.ts';
import { nodeChildProcess } from '../system/node-modules.ts';
import type { Target } from './choose-target.ts';
import { forgetToken, keptToken, runPlugin, type ExecSurroundings } from './exec-plugin.ts';
import { readKubeCredential, type KubeCredential } from './kubeconfig.ts';
import type { ContextAuth } from './settings-file.ts';

/** The credential of a run. It is read when the first request needs it. */
export interface Credential extends Authorization {
  /** Where it comes from, for people; `none`. */
  readonly from: string;
}

/** Prepares the credential that a target may be shown. `maySpawn` is false where no program may be started for it. */
export function createCredential(target: Target, surroundings: ExecSurroundings, maySpawn = true): Credential {
  const { auth } = target;
  const server = target.server.origin;
  let kept: Promise<string | undefined> | undefined;
  let plugin: KubeCredential['exec'];

  async function token(source: ContextAuth): Promise<string | undefined> {
    if (source.token !== undefined) return source.token;
    if (source.tokenFile !== undefined) return readToken(source.tokenFile);
    if (source.exec !== undefined) return maySpawn ? outputOf(source.exec, surroundings) : undefined;
    if (source.kubeconfig === undefined) return undefined;
    const credential = await readKubeCredential(source.kubeconfig, surroundings.env);
    if (credential.token !== undefined) return credential.token;
    if (credential.tokenFile !== undefined) return readToken(credential.tokenFile);
    if (credential.exec === undefined) return undefined;
    plugin = credential.exec;
    const cached = keptToken(plugin, server, surroundings);
    return cached ?? (maySpawn ? runPlugin(plugin, server, surroundings) : undefined);
  }

  return {
    from: auth?.from ?? 'none',
    async header() {
      if (auth === undefined) return undefined;
      kept ??= token(auth.source);
      const value = await kept;
      if (value !== undefined && !/^[\x21-\x7e]+$/.test(value)) {
        throw new UsageError(`the token of ${auth.from} contains spaces or characters that are not allowed in tokens`);
      }
      return value === undefined ? undefined : `Bearer ${value}`;
    },
    renew() {
      if (plugin === undefined || !maySpawn) return false;
      forgetToken(plugin, server, surroundings);
      plugin = undefined;
      kept = undefined;
      return true;
    },
  };
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new UsageError(`the token file ${path} cannot be read (${reason})`);
  }
}

/** The output of a command that prints a token. */
function outputOf(
  { command, args = [] }: NonNullable<ContextAuth['exec']>,
  { env }: ExecSurroundings,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = nodeChildProcess().spawn(command, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    child.once('error', () => reject(new UsageError(`the command ${command} of the context cannot be run`)));
    child.once('close', (code) => {
      if (code === 0) resolve(text.trim());
      else reject(new UsageError(`the command ${command} of the context exited with ${code ?? 'a signal'}`));
    });
  });
}
