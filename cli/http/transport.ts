import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';

import { NotReached } from '../errors/failures.ts';
import { nodeHttp, nodeHttps, nodeTls } from '../system/node-modules.ts';
import type { Environment } from '../system/environment.ts';
import { proxyFor, shownAddress } from './proxy.ts';
import type { HttpRequest } from './request.ts';

/** An answer whose body was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** An answer whose body comes piece by piece. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly pieces: AsyncIterable<string>;
  close(): void;
}

/** What happened with one request, for -v. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly requestId: string;
  readonly sent: Readonly<Record<string, string>>;
  readonly received: Answer['headers'];
}

export interface TransportOptions {
  /** Address of the server; a path in it is kept. */
  readonly server: URL;
  readonly ca?: string;
  readonly insecure: boolean;
  readonly env: Environment;
  readonly userAgent: string;
  readonly timeoutMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly onExchange: (exchange: Exchange) => void;
}

/** Sends requests to one server. A redirect is never followed: what a request carries is for this server only. */
export interface Transport {
  /** @throws NotReached */
  send(request: HttpRequest, signal?: AbortSignal): Promise<Answer>;
  /** @throws NotReached */
  open(request: HttpRequest, signal?: AbortSignal): Promise<OpenAnswer>;
  /** The proxy that requests go through, for people. */
  readonly proxy: string | undefined;
  /** Whether an answer came at any time. */
  wasReached(): boolean;
  close(): void;
}

/** The largest answer that is read: a list of many thousand releases is far below. */
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;

/** Creates the transport of a run; connections are kept for further requests. */
export function createTransport(options: TransportOptions): Transport {
  const { server, env, clock } = options;
  const secure = server.protocol === 'https:';
  const proxy = proxyFor(server, env);
  const shownProxy = proxy && shownAddress(proxy);
  const http = secure && proxy === undefined ? nodeHttps() : nodeHttp();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  // A stream holds its connection for as long as it lasts: it has one of its own.
  const streams = new http.Agent({ keepAlive: false });
  const tls = { ...(options.ca !== undefined && { ca: options.ca }), rejectUnauthorized: !options.insecure };
  let reached = false;

  async function start(request: HttpRequest, signal: AbortSignal | undefined, timeoutMs: number, connections = agent) {
    const from = clock();
    const path = server.pathname.replace(/\/+$/, '') + request.path;
    const headers: Record<string, string> = {
      host: server.host,
      'user-agent': options.userAgent,
      accept: '*/*',
      ...(request.body !== undefined && { 'content-length': `${Buffer.byteLength(request.body)}` }),
      ...request.headers,
    };
    const report = (status: number | undefined, received: Answer['headers']) => {
      const requestId = received['x-request-id'];
      options.onExchange({
        method: request.method,
        path,
        status,
        milliseconds: clock() - from,
        requestId: typeof requestId === 'string' ? requestId : '',
        sent: headers,
        received,
      });
    };
    try {
      const message = await exchange(await target(path, headers, connections), request, timeoutMs, signal);
      reached = true;
      report(message.statusCode, message.headers);
      return message;
    } catch (error) {
      report(undefined, {});
      signal?.throwIfAborted();
      throw new NotReached(shownAddress(server), reasonOf(error), shownProxy);
    }
  }

  /** Where the request is sent: to the server, or to the proxy for it. */
  async function target(
    path: string,
    headers: Record<string, string>,
    connections: typeof agent,
  ): Promise<RequestOptions> {
    if (proxy === undefined) {
      return { host: hostOf(server), port: portOf(server), path, headers, agent: connections, ...(secure && tls) };
    }
    const login = proxy.username === '' ? undefined : loginOf(proxy);
    if (!secure) {
      const full = { ...headers, ...(login !== undefined && { 'proxy-authorization': login }) };
      return {
        host: hostOf(proxy),
        port: portOf(proxy),
        path: `${server.origin}${path}`,
        headers: full,
        agent: connections,
      };
    }
    const socket = await tunnel(proxy, server, login, options.timeoutMs);
    const secured = nodeTls().connect({ socket, servername: hostOf(server), ...tls });
    return { path, headers, createConnection: () => secured };
  }

  function exchange(
    where: RequestOptions,
    request: HttpRequest,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent: ClientRequest = http.request(
        { ...where, method: request.method, ...(signal && { signal }) },
        resolve,
      );
      if (timeoutMs > 0) {
        const timer = setTimeout(() => sent.destroy(new Error(`no response within ${timeoutMs / 1000} s`)), timeoutMs);
        sent.once('close', () => clearTimeout(timer));
        sent.once('response', (message: IncomingMessage) => message.once('close', () => clearTimeout(timer)));
      }
      sent.once('error', reject);
      sent.end(request.body);
    });
  }

  return {
    proxy: shownProxy,
    wasReached: () => reached,
    async send(request, signal) {
      const message = await start(request, signal, options.timeoutMs);
      try {
        const bytes = await readAll(message);
        return {
          status: message.statusCode ?? 0,
          headers: message.headers,
          bytes,
          get text() {
            return bytes.toString('utf8');
          },
        };
      } catch (error) {
        signal?.throwIfAborted();
        throw new NotReached(shownAddress(server), `the response was cut off: ${reasonOf(error)}`, shownProxy);
      }
    },
    async open(request, signal) {
      const message = await start(request, signal, 0, streams);
      message.setEncoding('utf8');
      return {
        status: message.statusCode ?? 0,
        headers: message.headers,
        pieces: message as AsyncIterable<string>,
        close: () => void message.destroy(),
      };
    },
    close() {
      agent.destroy();
      streams.destroy();
    },
  };
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the response is larger than ${MAX_ANSWER_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A connection through a proxy, by CONNECT. */
function tunnel(proxy: URL, server: URL, login: string | undefined, timeoutMs: number): Promise<Socket> {
  const http = proxy.protocol === 'https:' ? nodeHttps() : nodeHttp();
  const authority = `${server.hostname}:${portOf(server)}`;
  return new Promise((resolve, reject) => {
    const request = http.request({
      method: 'CONNECT',
      host: hostOf(proxy),
      port: portOf(proxy),
      path: authority,
      headers: { host: authority, ...(login !== undefined && { 'proxy-authorization': login }) },
      timeout: timeoutMs,
    });
    request.once('connect', (answer, socket: Socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else reject(new Error(`the proxy returned HTTP ${answer.statusCode ?? 0}`));
    });
    request.once('timeout', () => request.destroy(new Error('the proxy does not respond')));
    request.once('error', reject);
    request.end();
  });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

function loginOf(proxy: URL): string {
  const text = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name cannot be resolved at present',
  ETIMEDOUT: 'the connection timed out',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  EPIPE: 'the connection was reset',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not use TLS: is it http://?',
  EPROTO: 'it does not use TLS: is it http://?',
};

/** Why a connection failed, in words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return REASONS[code] ?? error.message;
}
