import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../../../contract/operations/parts/operation.ts';
import { mayReadRecords } from '../../../contract/schemas/access.ts';
import { compress, isWorthCompressing, preferredEncoding } from '../answers/compressed-answer.ts';
import { sendJsonBytes, writeLongJson } from '../answers/json-answer.ts';
import type { AnyReply } from '../handlers/handler.ts';
import { type AnswerPlaces, countUntilTaken } from '../http/answer-places.ts';
import { holderOf } from '../http/request-caller.ts';

/** What sending an answer needs. */
interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Aborted when the client no longer waits for the answer. */
  readonly signal: AbortSignal;
  readonly reading: AnswerPlaces;
}

/** Sends an answer, and does not wait until the client has read it, as awaiting a reply of Fastify would. */
export async function sendAnswer(row: Operation, { status, body, headers }: AnyReply, sending: Sending): Promise<void> {
  const { request, reply, signal, reading } = sending;
  reply.code(status).headers({ ...headers });
  const { contentType, streamed } = row.responses[status] ?? {};
  if (body instanceof Uint8Array) {
    await reading.unreadAnswers.whenRoom(holderOf(request), signal);
    countUntilTaken(reading, request, reply, body.length);
    // The header is the handler's where `Accept` chose the type.
    if (contentType !== undefined) void reply.header('content-type', contentType);
    void reply.send(body);
  } else if (body instanceof ReadableStream) {
    // It is taken no faster than the client reads. The header of its type is the handler's.
    if (contentType !== undefined || streamed === true)
      void reply.header('content-type', contentType ?? 'application/json');
    void reply.send(body);
  } else if (streamed === true || contentType !== undefined) {
    if (typeof body === 'string') countUntilTaken(reading, request, reply, Buffer.byteLength(body));
    void reply.header('content-type', contentType ?? 'application/json').send(body);
  } else if (body === undefined) {
    void reply.send();
  } else {
    // Probes never wait. Operations that read records have waited already, and hold a place that others wait for.
    if (row.tag !== 'system' && row.access !== mayReadRecords)
      await reading.unreadAnswers.whenRoom(holderOf(request), signal);
    const bytes = await encoded(row, await writeLongJson(body), sending);
    countUntilTaken(reading, request, reply, bytes.length);
    void sendJsonBytes(reply, bytes);
  }
}

/**
 * Compresses large answers of reads for clients that accept it. An operation whose answers hold secret values is left out
 * (`holdsSecrets`): the length of a compressed answer tells whether a part of it repeats another (BREACH).
 */
async function encoded(row: Operation, bytes: Buffer, { request, reply, signal }: Sending): Promise<Buffer> {
  if (row.method !== 'GET' || row.holdsSecrets === true || !isWorthCompressing(bytes.length)) {
    return bytes;
  }
  const { vary } = reply.getHeaders();
  void reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`);
  const encoding = preferredEncoding(request.headers['accept-encoding']?.toString());
  if (encoding === null || signal.aborted) {
    return bytes;
  }
  const small = await compress(bytes, encoding);
  void reply.header('content-encoding', encoding);
  return small;
}
