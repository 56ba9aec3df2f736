import { readFileSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

import { UsageError } from '../errors/failures.ts';
import type { Environment } from '../system/environment.ts';
import { isRecord } from '../files/json-object.ts';

/** An exec plugin of a kubeconfig. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly installHint: string;
  /** Folder that a relative command begins in. */
  readonly folder: string;
  /** The cluster, for plugins that ask for it. */
  readonly provideClusterInfo: boolean;
  readonly cluster: Readonly<Record<string, unknown>>;
}

/** The credential that a context of a kubeconfig has for walmctl. */
export interface KubeCredential {
  readonly context: string;
  readonly namespace: string | undefined;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: ExecPlugin;
}

interface Named {
  readonly value: Record<string, unknown>;
  readonly folder: string;
}

/**
 * Reads the credential of a kubeconfig's context, or of its current one. Of several files in `KUBECONFIG` the first that
 * names something counts, as kubectl has it.
 * @throws UsageError if there is no bearer credential, with what to do instead
 */
export async function readKubeCredential(
  wanted: { readonly path?: string; readonly context?: string },
  env: Environment,
): Promise<KubeCredential> {
  const paths = wanted.path !== undefined ? [wanted.path] : pathsOf(env);
  const files = await Promise.all(paths.map((path) => readFile(path, paths.length === 1)));
  const found = files.filter((file) => file !== undefined);
  const current = found
    .map(({ value }) => value['current-context'])
    .find((name) => typeof name === 'string' && name !== '');
  const name = wanted.context ?? (typeof current === 'string' ? current : undefined);
  if (name === undefined) throw new UsageError(`${paths.join(', ')} has no current context: name one`);
  const context = named(found, 'contexts', 'context', name, paths);
  const userName = context.value['user'];
  const user = named(found, 'users', 'user', typeof userName === 'string' ? userName : '', paths);
  const clusterName = context.value['cluster'];
  const cluster = typeof clusterName === 'string' ? lookUp(found, 'clusters', 'cluster', clusterName) : undefined;
  const namespace = context.value['namespace'];
  return {
    context: name,
    namespace: typeof namespace === 'string' ? namespace : undefined,
    ...credentialOf(user, name, cluster?.value ?? {}),
  };
}

function pathsOf(env: Environment): string[] {
  const given = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return given.length > 0 ? given : [join(env['HOME'] ?? '.', '.kube', 'config')];
}

async function readFile(path: string, mustExist: boolean): Promise<Named | undefined> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (!mustExist) return undefined;
    throw new UsageError(`the kubeconfig ${path} cannot be read: ${error instanceof Error ? error.message : ''}`);
  }
  const { parse } = await import('../system/yaml-library.ts');
  try {
    const value: unknown = parse(text, { maxAliasCount: 0 });
    return isRecord(value) ? { value, folder: dirname(path) } : undefined;
  } catch {
    // The parser's message would quote the file, and with it a credential.
    throw new UsageError(`the kubeconfig ${path} is not valid YAML`);
  }
}

function lookUp(files: readonly Named[], list: string, key: string, name: string): Named | undefined {
  for (const { value, folder } of files) {
    const entries = value[list];
    if (!Array.isArray(entries)) continue;
    const entry: unknown = entries.find((candidate) => isRecord(candidate) && candidate['name'] === name);
    const content = isRecord(entry) ? entry[key] : undefined;
    if (isRecord(content)) return { value: content, folder };
  }
  return undefined;
}

function named(files: readonly Named[], list: string, key: string, name: string, paths: readonly string[]): Named {
  const found = lookUp(files, list, key, name);
  if (found === undefined) throw new UsageError(`${paths.join(', ')} has no ${key} ${name}`);
  return found;
}

function credentialOf(
  { value, folder }: Named,
  context: string,
  cluster: Record<string, unknown>,
): Partial<KubeCredential> {
  const { token, exec } = value;
  const tokenFile = value['tokenFile'];
  if (typeof tokenFile === 'string' && tokenFile !== '') {
    return { tokenFile: isAbsolute(tokenFile) ? tokenFile : join(folder, tokenFile) };
  }
  if (typeof token === 'string' && token !== '') return { token };
  if (isRecord(exec)) return { exec: pluginOf(exec, folder, cluster) };
  if (value['auth-provider'] !== undefined) {
    throw new UsageError(
      `context ${context} of the kubeconfig has an auth-provider, which Kubernetes no longer knows`,
      ['replace it by the exec plugin of your provider (kubelogin, gke-gcloud-auth-plugin)'],
    );
  }
  if (value['client-certificate'] !== undefined || value['client-certificate-data'] !== undefined) {
    throw new UsageError(`context ${context} of the kubeconfig has a client certificate, which is not a bearer token`, [
      'create a token: kubectl create token SERVICEACCOUNT > FILE; then walmctl --token-file FILE',
    ]);
  }
  throw new UsageError(`context ${context} of the kubeconfig has no token, tokenFile or exec plugin`);
}

function pluginOf(exec: Record<string, unknown>, folder: string, cluster: Record<string, unknown>): ExecPlugin {
  const { command, args, apiVersion, interactiveMode, installHint, env, provideClusterInfo } = exec;
  if (typeof command !== 'string' || command === '')
    throw new UsageError('the exec plugin of the kubeconfig has no command');
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  if (!/^client\.authentication\.k8s\.io\/(v1|v1beta1)$/.test(version)) {
    throw new UsageError(`the exec plugin of the kubeconfig has apiVersion ${version || '(none)'}`, [
      'client.authentication.k8s.io/v1 and v1beta1 are understood',
    ]);
  }
  const variables = Array.isArray(env) ? env.filter(isRecord) : [];
  return {
    apiVersion: version,
    command,
    args: Array.isArray(args) ? args.filter((argument) => typeof argument === 'string') : [],
    env: Object.fromEntries(
      variables.flatMap(({ name, value }) =>
        typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    interactiveMode: interactiveMode === 'Never' || interactiveMode === 'Always' ? interactiveMode : 'IfAvailable',
    installHint: typeof installHint === 'string' ? installHint : '',
    folder,
    provideClusterInfo: provideClusterInfo === true,
    cluster,
  };
}
