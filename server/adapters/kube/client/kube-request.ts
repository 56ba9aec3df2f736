import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../../../domain/access/caller.ts';
import type { JsonObject, JsonValue } from '../../../domain/json/json.ts';
import { isJsonObject } from '../../../domain/json/json.ts';
import { asNumber, asObject, asObjects, asString } from '../../../domain/json/json-reading.ts';
import { KubeApiError } from './kube-api-error.ts';
import type { KubeConnection } from './kube-connection.ts';

/** One request; undefined parameters are omitted from `query`. */
export type KubeRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: OutgoingHttpHeaders;
  body?: JsonValue | object;
  signal?: AbortSignal;
  /** How long the API server may take to start its response, and between two chunks. */
  timeoutMs?: number;
  /** The identity to impersonate; none if null or absent. */
  as?: Caller | null;
};

const DEFAULT_TIMEOUT_MS = 30_000;
/** The API server returns 429 if it is overloaded; the request was not processed and may be retried. */
const BUSY_RETRIES = 4;

/** A path that a URL would read in another way (`..`, `?`) leads elsewhere than it says: it is never sent. */
function addressOf(server: URL, { path, query = {} }: KubeRequest): URL {
  const whole = server.pathname.replace(/\/$/, '') + path;
  const url = new URL(whole, server);
  if (url.pathname !== whole) {
    throw new KubeApiError(
      404,
      'NotFound',
      `${JSON.stringify(path.slice(0, 200))} is not a path of the Kubernetes API`,
    );
  }
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      url.searchParams.set(name, String(value));
    }
  }
  return url;
}

function unanswered(url: URL, cause: unknown, timedOut: boolean): KubeApiError {
  const why = timedOut ? 'it did not answer in time' : cause instanceof Error ? cause.message : String(cause);
  return new KubeApiError(
    0,
    timedOut ? 'Timeout' : 'Unreachable',
    `the Kubernetes API server at ${url.host} cannot be reached: ${why}`,
    [],
    cause,
  );
}

async function exchange(connection: KubeConnection, request: KubeRequest): Promise<IncomingMessage> {
  const { agent, headers } = await connection.access();
  const url = addressOf(connection.server, request);
  const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const late = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  return new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const outgoing = send(url, {
      method: request.method,
      agent,
      headers: {
        Accept: 'application/json',
        'User-Agent': 'walm',
        ...(body && { 'Content-Type': 'application/json', 'Content-Length': body.length }),
        ...headers,
        ...request.headers,
        ...impersonation(request.as),
      },
      ...(request.signal && { signal: request.signal }),
    });
    const giveUp = () => outgoing.destroy(new Error('no answer in time'));
    late.addEventListener('abort', giveUp);
    outgoing.on('response', (response) => {
      late.removeEventListener('abort', giveUp);
      resolve(response);
    });
    outgoing.on('error', (error) => {
      late.removeEventListener('abort', giveUp);
      if (request.signal?.aborted === true) {
        reject(request.signal.reason);
        return;
      }
      connection.renew();
      reject(unanswered(url, error, late.aborted));
    });
    outgoing.end(body);
  });
}

/**
 * Kubernetes' user impersonation. Header fields are bytes: names beyond Latin-1 are sent as UTF-8. An empty name would
 * mean Walm's own identity.
 */
function impersonation(caller: Caller | null | undefined): OutgoingHttpHeaders {
  if (caller === null || caller === undefined) {
    return {};
  }
  if (caller.user.trim() === '') {
    throw new Error('the identity names no user');
  }
  const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  const extra = Object.entries(caller.extra).map(([key, values]): [string, string[]] => [
    `Impersonate-Extra-${fieldNameOf(key)}`,
    values.map(bytes),
  ]);
  return {
    'Impersonate-User': bytes(caller.user),
    'Impersonate-Group': caller.groups.map(bytes),
    ...(caller.uid !== '' && { 'Impersonate-Uid': bytes(caller.uid) }),
    ...Object.fromEntries(extra),
  };
}

/**
 * A key in the name of a header field: characters that are not allowed are percent-encoded, and the API server decodes
 * them.
 */
function fieldNameOf(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      const isPlain = /[\w!#$&'*+.^`|~-]/.test(character);
      return isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/**
 * The whole response as text. Throws `KubeApiError` if it breaks off, or if nothing arrives for the request's timeout,
 * because a connection can fall silent half-way. Throws the signal's reason when that is aborted.
 */
export async function readText(
  response: IncomingMessage,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: Pick<KubeRequest, 'signal' | 'timeoutMs'> = {},
): Promise<string> {
  const chunks: Buffer[] = [];
  let timedOut = false;
  const late = setTimeout(() => {
    timedOut = true;
    response.destroy();
  }, timeoutMs);
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      late.refresh();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const why = timedOut ? `nothing came for ${timeoutMs / 1000} s` : 'the connection was closed';
    throw new KubeApiError(
      0,
      timedOut ? 'Timeout' : 'Unreachable',
      `the answer of the Kubernetes API server was cut off: ${why}`,
      [],
      cause,
    );
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The error that a `Status` object of the API server describes; 410 and the like also arrive inside a watch. */
export function errorOfStatus(status: JsonObject, httpStatus = 0): KubeApiError {
  const causes = asObjects(asObject(status['details'])['causes']).map((cause) => ({
    field: asString(cause['field']),
    reason: asString(cause['reason']),
    message: asString(cause['message']),
  }));
  const code = asNumber(status['code'], httpStatus);
  return new KubeApiError(code, asString(status['reason']), asString(status['message']).trim(), causes);
}

async function errorOf(response: IncomingMessage, request: KubeRequest): Promise<KubeApiError> {
  const httpStatus = response.statusCode ?? 0;
  const text = await readText(response, request);
  try {
    const body = JSON.parse(text) as JsonValue;
    if (isJsonObject(body) && body['kind'] === 'Status') {
      return errorOfStatus(body, httpStatus);
    }
  } catch {
    // Not JSON of the API server but a proxy's page: reported as text below.
  }
  return new KubeApiError(httpStatus, response.statusMessage ?? '', text.slice(0, 500).trim());
}

/**
 * Sends one request and returns the response once it starts, with a 2xx status. If the API server is overloaded (429),
 * retries after the time it requests. Throws `KubeApiError`, or the signal's reason.
 */
export async function sendKubeRequest(connection: KubeConnection, request: KubeRequest): Promise<IncomingMessage> {
  for (let attempt = 0; ; attempt += 1) {
    const response = await exchange(connection, request);
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) {
      return response;
    }
    const error = await errorOf(response, request);
    if (status !== 429 || attempt >= BUSY_RETRIES) {
      throw error;
    }
    const seconds = Number(response.headers['retry-after'] ?? 1);
    await sleep(Number.isFinite(seconds) ? seconds * 1000 : 1000, undefined, { signal: request.signal });
  }
}
