import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SharedBudget } from '../../domain/budgets/shared-budget.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { holderOf } from './request-caller.ts';

/** Limits on how many bytes of bodies are in memory, and how long a body may take. */
export interface BodyIntakeDeps {
  readonly budget: SharedBudget;
  readonly clock: Pick<Clock, 'after'>;
  /** Maximum time between two chunks of a body. */
  readonly idleMs: number;
}

/** Reads bodies that are kept in memory. */
export interface BodyIntake {
  /** Must be called when a request arrives, before any of its body is read. */
  open(request: FastifyRequest, reply: FastifyReply): void;
  /**
   * The bytes of a stream of the request. They count until the request is answered, because what is parsed from them
   * lives as long.
   * @throws ProblemError TOO_MANY_BODIES, BODY_TOO_LARGE, REQUEST_TIMEOUT, BODY_MALFORMED if the client disconnects
   */
  read(request: FastifyRequest, stream: Readable, limit: number, declared?: number): Promise<Buffer>;
}

export function createBodyIntake({ budget, clock, idleMs }: BodyIntakeDeps): BodyIntake {
  const taken = new WeakMap<FastifyRequest, (() => void)[]>();

  function take(request: FastifyRequest, bytes: number): void {
    const release = budget.take(holderOf(request), bytes);
    if (release === null) {
      throw problem(
        'TOO_MANY_BODIES',
        'the server holds as many bytes of request bodies as it may: send the request again later',
        {
          bytes,
        },
      );
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
            fail(problem('REQUEST_TIMEOUT', `no part of the body arrived for ${idleMs / 1000} s`)),
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
          // The declared length counts at once, so a body that is too large is refused before it is sent.
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
 * Assembles chunks. If the length was declared, they are written into one buffer as they arrive: collecting them first
 * would hold the body in memory twice. More or fewer bytes than declared work too.
 */
function createPieces(declared: number) {
  // The buffer is not zeroed, so it uses no physical memory before bytes arrive.
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

/** The declared length, if it is plausible. */
export function declaredLength(request: FastifyRequest): number | undefined {
  const text = request.headers['content-length'];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
