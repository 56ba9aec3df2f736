import type { FastifyReply } from 'fastify';
import { withinDepth } from './shown-depth.ts';

/**
 * Answers with JSON as the original Walm wrote it: indented by one space, readable as it comes out of curl, and
 * without a charset (the framework would add one to a text).
 */
export function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(withinDepth(body), null, 1)));
}
