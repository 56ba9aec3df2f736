import { oneRelease } from '../arguments/targets.ts';
import type { Session } from '../session/session.ts';

/** The path parameters of the one release that the line names. @throws UsageError unless it names one */
export async function releaseOf(session: Session): Promise<{ namespace: string; release: string }> {
  const named = oneRelease(session.line.words);
  return { namespace: named.namespace ?? (await session.namespace()), release: named.name };
}
