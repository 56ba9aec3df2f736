import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SharedBudget } from '../../domain/budgets/shared-budget.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { holderOf } from './request-caller.ts';

/** How much of bodies is held in memory at once, and how long one may take. */
export interface BodyIntakeDeps {
  readonly budget: SharedBudget;
  readonly clock: Pick<Clock, 'after'>;
  /** Longest time between two pieces of a body. */
  readonly idleMs: number;
}

/** Reads what is kept in memory of requests. */
export interface BodyIntake {
  /** Has to be called when a request comes, before anything of it is read. */
  open(request: FastifyRequest, reply: FastifyReply): void;
  /**
   * The bytes of a stream of the request. They count until the request is answered: what is made of them lives as long.
   * @throws ProblemError TOO_MANY_BODIES, BODY_TOO_LARGE, REQUEST_TIMEOUT, BODY_MALFORMED when the client goes away
   */
  read(request: FastifyRequest, stream: Readable, limit: number, declared?: number): Promise<Buffer>;
}

export function createBodyIntake({ budget, clock, idleMs }: BodyIntakeDeps): BodyIntake {
  const taken = new WeakMap<FastifyRequest, (() => void)[]>();

  function take(request: FastifyRequest, bytes: number): void {
    const release = budget.take(holderOf(request), bytes);
    if (release === null) {
      throw problem('TOO_MANY_BODIES', 'the server holds as many bytes of request bodies as it may: send it later', {
        bytes,
      });
    }
    taken.get(request)?.push(release);
  }

  return {
    open(request, reply) {
      taken.set(request, []);
      reply.raw.once('close', () => {
        taken.get(request)?.forEach((release) => release());
        taken.delete(request);
      });
    },
    read(request, stream, limit, declared) {
      return new Promise((resolve, reject) => {
        let pieces = createPieces(0);
        let bytes = 0;
        let counted = 0;
        let stopTimer = (): void => undefined;

        const end = (settle: () => void) => {
          stopTimer();
          stream.off('data', hear).off('end', finish).off('error', fail).off('close', breakOff);
          settle();
        };
        const fail = (error: unknown) => end(() => reject(error));
        const finish = () => end(() => resolve(pieces.whole()));
        const breakOff = () =>
          fail(problem('BODY_MALFORMED', 'the client closed the connection while it sent the body'));
        const awaitMore = () => {
          stopTimer();
          stopTimer = clock.after(idleMs, () =>
            fail(problem('REQUEST_TIMEOUT', `nothing of the body came for ${idleMs / 1000} s`)),
          );
        };
        const count = (upTo: number) => {
          if (upTo > limit) {
            throw problem('BODY_TOO_LARGE', `the request body is larger than ${limit} bytes`, { limit });
          }
          if (upTo > counted) {
            take(request, upTo - counted);
            counted = upTo;
          }
        };
        const hear = (chunk: Buffer) => {
          try {
            count(bytes + chunk.length);
            pieces.add(chunk);
            bytes += chunk.length;
            awaitMore();
          } catch (error) {
            fail(error);
          }
        };
        try {
          // What a client says is coming is taken at once: it is refused before it is sent.
          count(declared ?? 0);
          pieces = createPieces(declared ?? 0);
        } catch (error) {
          reject(error);
          return;
        }
        stream.on('data', hear).on('end', finish).on('error', fail).on('close', breakOff);
        awaitMore();
      });
    },
  };
}

/**
 * Puts pieces together. With the length that was declared they are written to their place as they come: kept until the
 * end, a body would be in memory twice. More or fewer bytes than declared are right, too.
 */
function createPieces(declared: number) {
  // Nothing is written to it, and so nothing of the machine's memory used, before bytes come.
  let place = Buffer.allocUnsafeSlow(declared);
  let length = 0;
  const further: Buffer[] = [];
  return {
    add(piece: Buffer): void {
      if (further.length > 0 || length + piece.length > place.length) {
        further.push(piece);
      } else {
        length += piece.copy(place, length);
      }
    },
    whole(): Buffer {
      const whole = place.subarray(0, length);
      place = Buffer.alloc(0);
      return further.length === 0 ? whole : Buffer.concat([whole, ...further]);
    },
  };
}

/** The length that the client says, where it says one that can be. */
export function declaredLength(request: FastifyRequest): number | undefined {
  const text = request.headers['content-length'];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
