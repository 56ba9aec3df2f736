import { UsageError } from '../errors/failures.ts';
import { isLoopback } from '../http/proxy.ts';
import type { Environment } from '../system/environment.ts';
import type { Context, ContextAuth, Settings } from './settings-file.ts';

/** What the command line says about the server. */
export interface TargetFlags {
  readonly server?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly caFile?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly insecure: boolean;
}

/** The server of a run, and which credential it may be shown. */
export interface Target {
  readonly server: URL;
  /** Where the address comes from, for people. */
  readonly serverFrom: string;
  /** Name of the context; undefined if none takes part. */
  readonly context: string | undefined;
  /** Undefined: that of the kubeconfig which the context names, or `default`. */
  readonly namespace: string | undefined;
  readonly caFile: string | undefined;
  readonly insecure: boolean;
  /** The credential, and where it comes from; undefined: none. */
  readonly auth: { readonly source: ContextAuth; readonly from: string } | undefined;
}

const DEFAULT_SERVER = 'http://127.0.0.1:9999';

/**
 * Chooses server and credential. The credential of a context goes to the server of that context and to no other: with a
 * server that was typed beside it, only a credential that was typed or set beside it, too, is used.
 * @throws UsageError for an unknown context, an address that is none, and a credential that would go over the net in clear
 */
export function chooseTarget(flags: TargetFlags, env: Environment, settings: Settings): Target {
  const named =
    flags.context ?? (flags.server === undefined && serverOf(env) === undefined ? env['WALMCTL_CONTEXT'] : undefined);
  const wanted =
    named || (flags.server === undefined && serverOf(env) === undefined ? settings.currentContext : undefined);
  const context = wanted === undefined ? undefined : findContext(settings, wanted);
  const [address, serverFrom] = addressOf(flags, env, context);
  const ownsServer = context !== undefined && flags.server === undefined;
  const auth = authOf(flags, env, ownsServer ? context : undefined);
  const server = parseServer(address, auth !== undefined);
  const inClear = server.protocol === 'http:' && !isLoopback(server.hostname);
  if (auth !== undefined && inClear && context?.allowHttp !== true) {
    throw new UsageError(`the credential (${auth.from}) would go to ${server.host} without TLS`, [
      'use https://',
      'or allow it for a context: walmctl config set-context NAME --allow-http',
    ]);
  }
  return {
    server,
    serverFrom,
    context: context?.name,
    namespace: flags.namespace ?? (env['WALMCTL_NAMESPACE'] || context?.namespace),
    caFile: flags.caFile ?? env['WALMCTL_CA_FILE'] ?? env['ROOTCA'] ?? (ownsServer ? context.caFile : undefined),
    insecure: flags.insecure || (ownsServer && context.insecureSkipTlsVerify === true),
    auth,
  };
}

function serverOf(env: Environment): string | undefined {
  return env['WALMCTL_SERVER'] || env['WALMSERVER'] || env['WALM_HOST'] || undefined;
}

function addressOf(flags: TargetFlags, env: Environment, context: Context | undefined): [string, string] {
  if (flags.server !== undefined) return [flags.server, '--server'];
  if (context?.server !== undefined) return [context.server, `context ${context.name}`];
  const variable = ['WALMCTL_SERVER', 'WALMSERVER', 'WALM_HOST'].find((name) => env[name]);
  if (variable !== undefined) return [env[variable] ?? '', variable];
  return [DEFAULT_SERVER, 'default'];
}

function findContext(settings: Settings, name: string): Context {
  const context = settings.contexts.find((candidate) => candidate.name === name);
  if (context === undefined) {
    const known = settings.contexts.map((candidate) => candidate.name).join(', ');
    throw new UsageError(`there is no context ${name}`, [
      known === '' ? 'create one: walmctl config set-context NAME -s URL' : `there are: ${known}`,
    ]);
  }
  return context;
}

function authOf(flags: TargetFlags, env: Environment, context: Context | undefined): Target['auth'] {
  if (flags.tokenFile !== undefined)
    return { source: { tokenFile: flags.tokenFile }, from: `--token-file ${flags.tokenFile}` };
  const token = env['WALMCTL_TOKEN'];
  if (token) return { source: { token }, from: 'WALMCTL_TOKEN' };
  const tokenFile = env['WALMCTL_TOKEN_FILE'];
  if (tokenFile) return { source: { tokenFile }, from: `WALMCTL_TOKEN_FILE ${tokenFile}` };
  return context?.auth === undefined ? undefined : { source: context.auth, from: `context ${context.name}` };
}

/** An address without scheme is http, as the original's scripts mean it, unless a credential would be sent: then https. */
function parseServer(address: string, hasCredential: boolean): URL {
  const text = address.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${schemeFor(text, hasCredential)}://${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw new UsageError(`${address} is not a server address`, ['write host:port or https://host/path']);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UsageError(`${address} is not a server address: it must begin with http:// or https://`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('the address must not contain a user or a password', [
      'a token comes from WALMCTL_TOKEN, --token-file or a context',
    ]);
  }
  return url;
}

function schemeFor(address: string, hasCredential: boolean): string {
  const host = /^(\[[^\]]*\]|[^/:]*)/.exec(address)?.[1] ?? '';
  return hasCredential && !isLoopback(host) ? 'https' : 'http';
}
