import type { FastifyReply } from 'fastify';

/** Answers with JSON as the original Walm wrote it: indented by one space, readable as it comes out of curl. */
export function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('content-type', 'application/json').send(JSON.stringify(body, null, 1));
}
