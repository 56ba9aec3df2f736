import { createFairGate } from '../../domain/budgets/fair-gate.ts';

/** Requests of all callers that go on in one turn of the event loop. */
const IN_ONE_TURN = 8;

/**
 * Lets a request go on in one of the next turns of the event loop, callers in turn. What waited for the same answer,
 * such as who sends a token, would otherwise go on together: a hundred requests in one piece, and everybody else after.
 */
export type Pace = (holder: string) => Promise<void>;

/** Makes the pace of a server. It bounds nothing but how much happens without a break. */
export function createPace(inOneTurn = IN_ONE_TURN): Pace {
  const gate = createFairGate({ all: inOneTurn, each: inOneTurn });
  return (holder) => gate.run(holder, () => new Promise((resolve) => setImmediate(resolve)));
}
