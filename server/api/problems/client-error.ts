import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { securityHeaders } from '../http/security-headers.ts';
import { problemBody } from './problem-response.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';

/** An error of Node's parser, with the bytes in which it was found. */
type ClientError = Error & { readonly code?: string; readonly rawPacket?: unknown };

/** A request line with an unknown method. */
const REQUEST_LINE = /^[A-Z][A-Z-]{0,19} \/[!-~]* HTTP\/1\.[01]\r?\n/;
/** Longer lines exceed the 16 KiB of headers that the server reads. */
const MAX_LINE_LENGTH = 16_384;
const METHODS = 'GET, HEAD, POST, PUT, DELETE';

/**
 * Answers bytes that are not HTTP, or that arrive too slowly, and closes the connection: there is no request to answer.
 */
export function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  answerSocket(describe(error), socket);
}

/**
 * Answers what Node otherwise handles without a request: CONNECT, for which Node silently closes the connection, counts
 * as an unsupported method, and an unknown `Expect` is ignored, as RFC 9110 allows.
 */
export function answerWhatNodeWouldNot(server: Server): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => answerSocket(unknownMethod(), socket));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

function answerSocket(found: ProblemError, socket: Socket): void {
  const body = JSON.stringify(problemBody(found, ''), null, 1);
  const fields = { ...securityHeaders, ...(found.status === 405 && { allow: METHODS }) };
  const headers = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${found.status} ${found.code}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${headers.join('')}Connection: close\r\n\r\n${body}`,
  );
}

function describe(error: ClientError): ProblemError {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('REQUEST_TIMEOUT', 'the request did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return problem('HEADERS_TOO_LARGE', 'the headers are larger than the server reads');
    case 'HPE_INVALID_METHOD':
      return REQUEST_LINE.test(firstBytes(error.rawPacket)) ? unknownMethod() : notHttp();
    default:
      return notHttp();
  }
}

function unknownMethod(): ProblemError {
  return problem('METHOD_NOT_ALLOWED', `405: Method Not Allowed: the server accepts ${METHODS}`);
}

function notHttp(): ProblemError {
  return problem('BODY_MALFORMED', 'the request is not valid HTTP');
}

function firstBytes(packet: unknown): string {
  return Buffer.isBuffer(packet) ? packet.toString('latin1', 0, MAX_LINE_LENGTH) : '';
}
