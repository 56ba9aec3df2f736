import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/access/caller.ts';

const callers = new WeakMap<FastifyRequest, Caller | null>();

/** Notes who sends a request; null is Walm's own identity. */
export function noteCaller(request: FastifyRequest, caller: Caller | null): void {
  callers.set(request, caller);
}

/** Whose budgets a request uses: those of its caller or, where callers are not known, of the address it comes from. */
export function holderOf(request: FastifyRequest): string {
  const caller = callers.get(request) ?? null;
  return caller === null ? `address ${request.ip}` : `user ${caller.user}`;
}
