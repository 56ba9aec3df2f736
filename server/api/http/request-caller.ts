import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/access/caller.ts';
import { shareOf } from '../../domain/access/sharer.ts';

const callers = new WeakMap<FastifyRequest, Caller | null>();

/** Stores the caller of a request; null is Walm's own identity. */
export function noteCaller(request: FastifyRequest, caller: Caller | null): void {
  callers.set(request, caller);
}

/** Whose budgets a request uses: those of its caller or, if callers are not authenticated, of its client address. */
export function holderOf(request: FastifyRequest): string {
  const caller = callers.get(request) ?? null;
  return caller === null ? `address ${request.ip}` : `user ${shareOf(caller)}`;
}
