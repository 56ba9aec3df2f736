import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';
import { holderOf } from './request-caller.ts';

/** Bodies discarded concurrently; the senders of the others wait. */
const AT_ONCE = 2;
/** How long one of them is read before the next one's turn, in milliseconds. */
const TURN_MS = 20;
/** After this time, in milliseconds, a connection whose body has not ended is closed. */
const MAX_MS = 60_000;

/**
 * Discards the rest of bodies whose requests have been answered already, so that their senders get the answer instead
 * of a closed connection. Node would read all of them at once: a hundred bodies of several MB make every turn of the
 * event loop long, and other requests need many turns.
 */
export function drainUnreadBodies(app: FastifyInstance, clock: Pick<Clock, 'now' | 'after'>): void {
  const gate = createFairGate({ all: AT_ONCE, each: AT_ONCE });

  async function drain(body: IncomingMessage, holder: string): Promise<void> {
    const over = new Promise<void>((resolve) => {
      for (const event of ['end', 'close', 'error'] as const) body.once(event, () => resolve());
    });
    const deadline = clock.now() + MAX_MS;
    // Once there is a listener, Node no longer discards the body itself when the response is sent.
    body.on('data', () => undefined).pause();
    while (!body.readableEnded && !body.destroyed) {
      await gate.run(holder, async () => {
        body.resume();
        await Promise.race([over, sleep(clock, TURN_MS)]);
        body.pause();
      });
      if (clock.now() > deadline) body.destroy();
    }
  }

  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const { raw } = request;
    const isLeft = !raw.complete && (raw.readableFlowing === null || reply.statusCode === 413);
    if (isLeft && hasBody(raw)) void drain(raw, holderOf(request));
    return payload;
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
