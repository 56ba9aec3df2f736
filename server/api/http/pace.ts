import { createFairGate } from '../../domain/budgets/fair-gate.ts';

/** Maximum requests that proceed in one turn of the event loop, of all callers. */
const IN_ONE_TURN = 8;

/**
 * Lets a request proceed in one of the next turns of the event loop, callers taking turns. Requests that waited for the
 * same answer, such as a token review, would otherwise all proceed in the same turn and delay everything else.
 */
export type Pace = (holder: string) => Promise<void>;

/** The pace of a server. It limits only how much happens in one turn. */
export function createPace(inOneTurn = IN_ONE_TURN): Pace {
  const gate = createFairGate({ all: inOneTurn, each: inOneTurn });
  return (holder) => gate.run(holder, () => new Promise((resolve) => setImmediate(resolve)));
}
