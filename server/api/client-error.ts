import type { Socket } from 'node:net';
import { problemBody } from './problem-response.ts';
import { problem, type ProblemError } from '../domain/problem-error.ts';

/** Answers bytes that are not HTTP, or that come too slowly, and closes the connection: there is no request to answer. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const found = describe(error);
  const body = JSON.stringify(problemBody(found, ''), null, 1);
  socket.end(
    `HTTP/1.1 ${found.status} ${found.code}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function describe(error: Error & { code?: string }): ProblemError {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('REQUEST_TIMEOUT', 'the request did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return problem('HEADERS_TOO_LARGE', 'the headers are larger than the server reads');
    default:
      return problem('BODY_MALFORMED', 'the request is not valid HTTP');
  }
}
