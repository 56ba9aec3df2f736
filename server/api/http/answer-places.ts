import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FairGate } from '../../domain/budgets/fair-gate.ts';
import type { UnreadAnswers } from './unread-answers.ts';
import { holderOf } from './request-caller.ts';

/** Limits on the answers in memory. */
export interface AnswerPlaces {
  /** Limits concurrent reads of records, each of which is in memory several times until it is sent. */
  readonly recordReads: FairGate;
  /** Counts the answers that clients have not read yet. */
  readonly unreadAnswers: UnreadAnswers;
  /** Maximum pause of a client while it reads an answer, in milliseconds; its connection is closed then. */
  readonly answerIdleMs: number;
}

/**
 * Makes and sends the answer to a request that reads records, once it is the caller's turn and the caller has room for
 * another answer. A caller without room waits outside the gate: clients that do not read would block it for those that do.
 */
export async function answerInTurn<T>(
  { recordReads, unreadAnswers }: AnswerPlaces,
  caller: string,
  signal: AbortSignal,
  make: () => Promise<T>,
): Promise<T> {
  for (;;) {
    await unreadAnswers.whenRoom(caller, signal);
    const made = await recordReads.run(caller, async () =>
      signal.aborted || unreadAnswers.hasRoom(caller) ? { value: await make() } : null,
    );
    if (made !== null) {
      return made.value;
    }
  }
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
