import type { ExitCode } from '../errors/exit-code.ts';
import type { Session } from './session.ts';

/** What a command does. It resolves to the exit code; errors are thrown. */
export type CommandRun = (session: Session) => Promise<ExitCode>;
