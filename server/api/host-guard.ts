import type { FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../domain/loopback.ts';
import { problem } from '../domain/problem-error.ts';

/**
 * Keeps web pages from using a server that trusts whoever reaches it: the Host must be this machine's own name (a
 * rebound DNS name is not), and a browser must not send changes on behalf of another site's page.
 * @throws ProblemError HOST_REFUSED
 */
export function guardHost({ headers, method }: Pick<FastifyRequest, 'headers' | 'method'>): void {
  const { host = '', origin } = headers;
  if (!isLoopbackHost(hostName(host))) {
    throw problem('HOST_REFUSED', `the Host header ${JSON.stringify(host.slice(0, 80))} is not a loopback name`);
  }
  if (method !== 'GET' && method !== 'HEAD' && origin !== undefined && !sameHost(origin, host)) {
    throw problem('HOST_REFUSED', `a page of ${JSON.stringify(origin.slice(0, 80))} may not send ${method} requests`);
  }
}

/** The name of `name`, `name:port` or `[address]:port`. */
function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}

function sameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
