import { nodeChildProcess } from '../system/node-modules.ts';
import type { Session } from './session.ts';

/**
 * Prints a text, through the pager where standard output is a terminal that is shorter. `WALMCTL_PAGER` counts before
 * `PAGER`; `cat` and an empty one turn it off.
 */
export async function page(session: Session, text: string): Promise<void> {
  const { io } = session;
  const pager = io.env['WALMCTL_PAGER'] ?? io.env['PAGER'] ?? 'less -FRX';
  const isLong = io.out.isTerminal && text.split('\n').length > io.out.size().rows;
  if (!isLong || pager === '' || pager === 'cat') {
    io.out.write(text);
    return;
  }
  await new Promise<void>((resolve) => {
    const child = nodeChildProcess().spawn('/bin/sh', ['-c', pager], { stdio: ['pipe', 'inherit', 'inherit'] });
    // The pager may be left before it has read everything, or not exist.
    child.stdin.once('error', () => undefined);
    child.once('error', () => {
      io.out.write(text);
      resolve();
    });
    child.once('close', () => resolve());
    child.stdin.end(text);
  });
}
