import type { FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../../domain/access/loopback.ts';
import { problem } from '../../domain/errors/problem-error.ts';

type Guarded = Pick<FastifyRequest, 'headers' | 'method'>;

/**
 * Keeps web pages from using a server that trusts whoever reaches it: the Host must be this machine's own name (a
 * rebound DNS name is not), and a browser must not send anything on behalf of another site's page.
 * @throws ProblemError HOST_REFUSED
 */
export function guardHost({ headers, method }: Guarded): void {
  const { host = '' } = headers;
  if (!isLoopbackHost(hostName(host))) {
    throw problem('HOST_REFUSED', `the Host header ${JSON.stringify(host.slice(0, 80))} is not a loopback name`);
  }
  guardOrigin({ headers, method });
}

/** A browser says of which page it sends what is no plain link or form. @throws ProblemError HOST_REFUSED for another site's */
function guardOrigin({ headers: { host = '', origin }, method }: Guarded): void {
  if (origin !== undefined && !sameHost(origin, host)) {
    throw problem('HOST_REFUSED', `a page of ${JSON.stringify(origin.slice(0, 80))} may not send ${method} requests`);
  }
}

/**
 * Refuses what a browser sends on behalf of another site's page, or of another port of this machine: it says so in
 * `Sec-Fetch-Site`, also where it sends no Origin (images, frames, scripts, forms). Somebody may follow a link to a page
 * of the server. Without it, as over plain HTTP, the Origin tells, where there is one. What is no browser sends neither.
 * @throws ProblemError HOST_REFUSED
 */
export function guardSite({ headers, method }: Guarded): void {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') {
    return;
  }
  if (site === undefined) {
    guardOrigin({ headers, method });
    return;
  }
  const isLink =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (!isLink) {
    throw problem('HOST_REFUSED', `a page of another site may not send ${method} requests here`);
  }
}

/** The name of `name`, `name:port` or `[address]:port`. */
function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}

function sameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
