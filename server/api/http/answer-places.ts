import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WhenLong } from '../../services/jobs/long-answer.ts';
import type { FairGate } from '../../domain/budgets/fair-gate.ts';
import type { UnreadAnswers } from './unread-answers.ts';
import { holderOf } from './request-caller.ts';

/** Limits on the answers in memory. */
export interface AnswerPlaces {
  /** Limits concurrent reads of records, each of which is in memory several times until it is sent. */
  readonly recordReads: FairGate;
  /** Limits concurrent reads of objects of the cluster, whose owners decide how many there are, and how large. */
  readonly clusterReads: FairGate;
  /** Limits the long answers that are made at once, each of which is in memory several times until it is sent. */
  readonly longAnswers: FairGate;
  /** Counts the answers that clients have not read yet. */
  readonly unreadAnswers: UnreadAnswers;
  /** Maximum pause of a client while it reads an answer, in milliseconds; its connection is closed then. */
  readonly answerIdleMs: number;
}

/**
 * Makes and sends the answer to a request that reads records or objects, once it is the caller's turn at the gate and the
 * caller has room for another answer. A caller without room waits outside the gate: clients that do not read would block it for those that do.
 */
export async function answerInTurn<T>(
  { reads, unreadAnswers }: Pick<AnswerPlaces, 'unreadAnswers'> & { readonly reads: FairGate },
  caller: string,
  signal: AbortSignal,
  make: () => Promise<T>,
): Promise<T> {
  for (;;) {
    await unreadAnswers.whenRoom(caller, signal);
    const made = await reads.run(caller, async () =>
      signal.aborted || unreadAnswers.hasRoom(caller) ? { value: await make() } : null,
    );
    if (made !== null) {
      return made.value;
    }
  }
}

/**
 * The place of a request whose answer turns out to be long: `whenLong` waits for it, outside of the gate while the caller
 * has too many unread answers; `done` gives it back, and has to be called once the answer is written or has failed.
 */
export function placeForLong(
  { longAnswers, unreadAnswers }: AnswerPlaces,
  caller: string,
  signal: AbortSignal,
): { whenLong: WhenLong; done: () => void } {
  const done = Promise.withResolvers<void>();
  let place: Promise<void> | undefined;

  async function take(): Promise<void> {
    for (let hasPlace = false; !hasPlace && !signal.aborted;) {
      await unreadAnswers.whenRoom(caller, signal);
      const turn = Promise.withResolvers<boolean>();
      void longAnswers.run(caller, async () => {
        const isRoom = unreadAnswers.hasRoom(caller);
        turn.resolve(isRoom);
        await (isRoom ? done.promise : undefined);
      });
      hasPlace = await turn.promise;
    }
  }

  return { whenLong: () => (place ??= take()), done: done.resolve };
}

/** Counts an answer against its caller until the client has read it, and disconnects a client that stops reading. */
export function countUntilTaken(
  { unreadAnswers, answerIdleMs }: AnswerPlaces,
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: number,
): void {
  if (!reply.raw.destroyed) {
    reply.raw.once('close', unreadAnswers.add(holderOf(request), bytes));
    // Injected requests have no connection.
    if (reply.raw.socket instanceof Socket) reply.raw.setTimeout(answerIdleMs);
  }
}
