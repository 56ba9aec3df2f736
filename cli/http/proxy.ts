import type { Environment } from '../system/environment.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * The proxy that a request to this address goes through; undefined for none. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`
 * count, lower case first; this machine is never asked through a proxy.
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const value = url.protocol === 'https:' ? either(env, 'https_proxy') : either(env, 'http_proxy');
  if (value === undefined || isExcepted(url, either(env, 'no_proxy') ?? '')) return undefined;
  try {
    return new URL(value.includes('://') ? value : `http://${value}`);
  } catch {
    return undefined;
  }
}

function either(env: Environment, name: string): string | undefined {
  const value = env[name] ?? env[name.toUpperCase()];
  return value === '' ? undefined : value;
}

/** `NO_PROXY` is a list of hosts, domains (with or without a leading dot) and `host:port`; `*` is everything. */
function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '') return false;
      if (entry === '*') return true;
      const [, name = '', wantedPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      return (wantedPort === undefined || wantedPort === port) && (host === name || host.endsWith(`.${name}`));
    });
}

/** An address for people: without user and password. */
export function shownAddress(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}
