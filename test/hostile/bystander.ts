import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Experience } from './experience.ts';

/** What the honest user's process needs. */
export interface BystanderOrders {
  url: string;
  token: string;
  /** Their namespace; the release `resident` is in it. */
  namespace: string;
  /** A chart to install repeatedly, base64. */
  archive: string;
}

/**
 * An honest user who works during the attacks, in a separate process: computation of the attacker delays it only
 * through the server.
 */
export interface Bystander {
  /** What was measured since the last call. */
  take(): Promise<Experience>;
  /** Starts over: neither earlier measurements nor requests under way count. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('bystander-process.ts', import.meta.url));
const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

/** Reads its release and its list forty times a second, and repeatedly installs and deletes a release. */
export function startBystander(orders: BystanderOrders): Bystander {
  const child = fork(PROGRAM, [JSON.stringify(orders)], { execPath: NODE, execArgv: [] });
  const ask = async (what: 'take' | 'restart'): Promise<Experience> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(120_000) });
    child.send(what);
    const [experience] = (await answer) as [Experience];
    return experience;
  };
  return {
    take: () => ask('take'),
    async restart() {
      await ask('restart');
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
