import { ApiError } from './api-error.ts';
import { type BuiltRequest, errorOf, redirectError } from './call.ts';
import type { Connection } from './client-options.ts';
import { isPassing, waitAfter } from './retry.ts';

/** A signal that is never aborted. */
const NEVER = new AbortController().signal;

/**
 * Sends a request, and lets `read` take its successful answer. A read is sent again after a pause while the server is
 * busy or cannot be reached; what may change something is sent once.
 * @throws ApiError for every answer that is not a success, TypeError if the server cannot be reached, after the last
 * attempt; the reason of the signal once it is aborted
 */
export async function sendCall<T>(
  connection: Connection,
  request: BuiltRequest,
  signal: AbortSignal = NEVER,
  read: (answer: Response) => Promise<T>,
): Promise<T> {
  const attempts = request.method === 'GET' ? connection.attempts : 1;
  for (let attempt = 1; ; attempt += 1) {
    const authorized = await authorize(connection, request);
    try {
      return await read(await sendOnce(connection, authorized, signal));
    } catch (error) {
      const wait = attempt < attempts ? pauseAfter(error, attempt, connection.random) : null;
      if (wait === null) {
        throw error;
      }
      await connection.wait(wait, signal);
      signal.throwIfAborted();
    }
  }
}

/** The request with the token that is good now. */
export async function authorize({ token }: Connection, request: BuiltRequest): Promise<BuiltRequest> {
  if (token === undefined) {
    return request;
  }
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
  return { ...request, headers };
}

/**
 * Sends a request once, and returns its successful answer, whose body is not read yet. Redirects are not followed.
 * @throws ApiError for every other answer, TypeError if the server cannot be reached
 */
export async function sendOnce(
  { send }: Connection,
  { url, ...init }: BuiltRequest,
  signal: AbortSignal,
): Promise<Response> {
  const answer = await send(url, { ...init, redirect: 'manual', signal });
  if (answer.ok || answer.status === 304) {
    return answer;
  }
  // A browser hides where a redirect leads, and its status.
  if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400)) {
    await answer.body?.cancel();
    throw redirectError(answer);
  }
  throw errorOf(await answer.text(), answer);
}

/**
 * Milliseconds after which the same request may succeed; null: it fails for good.
 * @param attempt how many attempts have failed, from 1
 */
export function pauseAfter(error: unknown, attempt: number, random: () => number): number | null {
  if (error instanceof ApiError) {
    return isPassing(error.status) ? waitAfter(error.retryAfterSec, attempt, random) : null;
  }
  // `fetch` throws a TypeError if the network fails, and so does a body whose connection breaks.
  return error instanceof TypeError ? waitAfter(null, attempt, random) : null;
}
