import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';
import { holderOf } from './request-caller.ts';

/** Bodies that are read away at the same time; the senders of the others wait. */
const AT_ONCE = 2;
/** How long one of them is read before it is another one's turn, in milliseconds. */
const TURN_MS = 20;
/** After this time a connection is closed whose body has not ended, in milliseconds. */
const MAX_MS = 60_000;

/**
 * Reads away what is left of bodies whose requests are answered already, so that their senders get to the answer instead
 * of a closed connection. Node would do so by itself, with all of them at once: a hundred bodies of some MB make every
 * turn of the event loop long, and whoever asks for something needs many turns.
 */
export function drainUnreadBodies(app: FastifyInstance, clock: Pick<Clock, 'now' | 'after'>): void {
  const gate = createFairGate({ all: AT_ONCE, each: AT_ONCE });

  async function drain(body: IncomingMessage, holder: string): Promise<void> {
    const over = new Promise<void>((resolve) => {
      for (const event of ['end', 'close', 'error'] as const) body.once(event, () => resolve());
    });
    const deadline = clock.now() + MAX_MS;
    // A listener makes it ours: Node leaves it alone when the answer is out.
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
