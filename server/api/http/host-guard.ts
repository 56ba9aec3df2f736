import type { FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../../domain/access/loopback.ts';
import { problem } from '../../domain/errors/problem-error.ts';

type Guarded = Pick<FastifyRequest, 'headers' | 'method'>;

/**
 * Protects a server without authentication from web pages: the Host must be a name of this machine (a rebound DNS name
 * is not), and a browser must not send requests on behalf of another site.
 * @throws ProblemError HOST_REFUSED
 */
export function guardHost({ headers, method }: Guarded): void {
  const { host = '' } = headers;
  if (!isLoopbackHost(hostName(host))) {
    throw problem('HOST_REFUSED', `the Host header ${JSON.stringify(host.slice(0, 80))} is not a loopback name`);
  }
  guardOrigin({ headers, method });
}

/**
 * A browser sends the Origin of the page for everything except plain links and forms.
 * @throws ProblemError HOST_REFUSED for another site's page
 */
function guardOrigin({ headers: { host = '', origin }, method }: Guarded): void {
  if (origin !== undefined && !sameHost(origin, host)) {
    throw problem('HOST_REFUSED', `a page of ${JSON.stringify(origin.slice(0, 80))} may not send ${method} requests`);
  }
}

/**
 * Refuses what a browser sends on behalf of another site, or of another port of this machine: browsers say so in
 * `Sec-Fetch-Site`, even if they send no Origin (images, frames, scripts, forms). Users may follow a link to a page of
 * the server. Without that header, as over plain HTTP, the Origin decides if present. Other clients send neither.
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

/** The host of `name`, `name:port` or `[address]:port`. */
function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}

function sameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
