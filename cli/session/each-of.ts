import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { CommandFailure, Refusal, UsageError } from '../errors/failures.ts';
import { reportError } from './report-error.ts';
import type { Session } from './session.ts';

/** Does something to each object; what is refused is reported and the next one follows. Returns all exit codes. */
export async function eachOf<T>(
  session: Session,
  objects: readonly T[],
  act: (object: T) => Promise<ExitCode | void>,
): Promise<ExitCode[]> {
  const codes: ExitCode[] = [];
  for (const object of objects) {
    try {
      codes.push((await act(object)) ?? EXIT.done);
    } catch (error) {
      const isOwn =
        error instanceof Refusal || (error instanceof CommandFailure && error.exitCode !== EXIT.interrupted);
      if (!isOwn || error instanceof UsageError) throw error;
      const { lines, exitCode } = reportError(error, session);
      for (const line of lines) session.io.err.write(`${line}\n`);
      codes.push(exitCode);
    }
  }
  return codes;
}
