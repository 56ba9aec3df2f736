import { UsageError } from '../errors/failures.ts';
import type { Session } from './session.ts';

/**
 * Asks whether something is to be done, on standard error with server and context; true without a question with --yes.
 * Without a terminal nothing can be asked: what names its objects goes on, what does not is refused.
 * @throws UsageError naming --yes
 */
export async function agrees(
  session: Session,
  lines: readonly string[],
  question: string,
  namesObjects: boolean,
): Promise<boolean> {
  const { io, line } = session;
  if (line.on('yes')) return true;
  if (!io.input.isTerminal || !io.err.isTerminal) {
    if (namesObjects) return true;
    for (const text of lines) io.err.write(`${text}\n`);
    throw new UsageError('this wants to be confirmed, and there is no terminal', ['say --yes']);
  }
  const { server, context } = await session.target();
  for (const text of lines) io.err.write(`${text}\n`);
  const where = context === undefined ? server.href.replace(/\/$/, '') : `${context} (${server.host})`;
  io.err.write(`${question} at ${where}? [y/N] `);
  const answer = (await io.input.readLine()).trim().toLowerCase();
  return answer === 'y' || answer === 'yes';
}
