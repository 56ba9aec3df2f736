import { EXIT } from '../errors/exit-code.ts';
import { CommandFailure } from '../errors/failures.ts';
import type { Session } from '../session/session.ts';

/**
 * Runs something that Ctrl-C leaves: what the server does carries on, and `farewell` says how to come back to it.
 * @throws CommandFailure with exit code 130 after Ctrl-C
 */
export async function interruptible<T>(
  session: Session,
  farewell: readonly string[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const forget = session.io.onInterrupt(() => controller.abort());
  try {
    const result = await run(controller.signal);
    if (controller.signal.aborted) throw left(session, farewell);
    return result;
  } catch (error) {
    if (controller.signal.aborted) throw left(session, farewell);
    throw error;
  } finally {
    forget();
  }
}

function left(session: Session, farewell: readonly string[]): CommandFailure {
  for (const line of farewell) session.output.note(line);
  return new CommandFailure(EXIT.interrupted, '');
}
