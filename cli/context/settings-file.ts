import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { isRecord } from '../files/json-object.ts';
import { UsageError } from '../errors/failures.ts';
import type { Environment } from '../system/environment.ts';

/** Where a context takes its credential from; at most one of them. */
export interface ContextAuth {
  readonly kubeconfig?: { readonly path?: string; readonly context?: string };
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: { readonly command: string; readonly args?: readonly string[] };
}

/** A server, and how it is spoken to. */
export interface Context {
  readonly name: string;
  readonly server?: string;
  readonly namespace?: string;
  readonly caFile?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly allowHttp?: boolean;
  readonly auth?: ContextAuth;
}

/** The settings file of walmctl. */
export interface Settings {
  readonly currentContext?: string;
  readonly contexts: readonly Context[];
}

/** Path of the settings file. */
export function settingsPath(env: Environment): string {
  const given = env['WALMCTL_CONFIG'];
  if (given !== undefined && given !== '') return given;
  return join(env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '.', '.config'), 'walm', 'walmctl.yaml');
}

/** Path of the folder for what may be forgotten at any time. */
export function cacheFolder(env: Environment): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] ?? '.', '.cache'), 'walm');
}

/**
 * Reads the settings; without a file there are none.
 * @throws UsageError if the file cannot be understood, or others may read a token in it
 */
export async function readSettings(path: string): Promise<Settings> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { contexts: [] };
    throw new UsageError(`the settings file ${path} cannot be read: ${String(error)}`);
  }
  const { parse } = await import('../system/yaml-library.ts');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new UsageError(`the settings file ${path} is not valid YAML: ${error instanceof Error ? error.message : ''}`);
  }
  const settings = asSettings(value, path);
  const isOpen = (statSync(path).mode & 0o077) !== 0 && process.platform !== 'win32';
  if (isOpen && settings.contexts.some(({ auth }) => auth?.token !== undefined)) {
    throw new UsageError(`the settings file ${path} contains a token and is readable by others`, [`chmod 600 ${path}`]);
  }
  return settings;
}

/** Writes the settings, whole or not at all; only their owner may read them. */
export async function writeSettings(path: string, settings: Settings): Promise<void> {
  const { stringify } = await import('../system/yaml-library.ts');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, stringify(settings), { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

function asSettings(value: unknown, path: string): Settings {
  if (value === null || value === undefined) return { contexts: [] };
  const contexts = isRecord(value) ? (value['contexts'] ?? []) : undefined;
  if (!isRecord(value) || !Array.isArray(contexts) || !contexts.every(isContext)) {
    throw new UsageError(`the settings file ${path} needs contexts, each with a name; see walmctl help files`);
  }
  const current = value['currentContext'];
  return { ...(typeof current === 'string' && { currentContext: current }), contexts };
}

function isContext(value: unknown): value is Context {
  if (!isRecord(value) || typeof value['name'] !== 'string') return false;
  const texts = ['server', 'namespace', 'caFile'].every(
    (key) => value[key] === undefined || typeof value[key] === 'string',
  );
  const auth = value['auth'];
  return texts && (auth === undefined || isAuth(auth));
}

function isAuth(value: unknown): value is ContextAuth {
  if (!isRecord(value)) return false;
  const { token, tokenFile, exec, kubeconfig } = value;
  return (
    (token === undefined || typeof token === 'string') &&
    (tokenFile === undefined || typeof tokenFile === 'string') &&
    (exec === undefined || (isRecord(exec) && typeof exec['command'] === 'string')) &&
    (kubeconfig === undefined || isRecord(kubeconfig))
  );
}
