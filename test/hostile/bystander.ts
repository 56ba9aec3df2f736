import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Fare } from './fare.ts';

/** What an honest user needs to know to be at work. */
export interface BystanderOrders {
  url: string;
  token: string;
  /** Their namespace; the release `resident` is in it. */
  namespace: string;
  /** A chart to install again and again, base64. */
  archive: string;
}

/** An honest user at work beside the attacks, in a process of their own: what an attack computes delays nobody. */
export interface Bystander {
  /** What was seen since the last call. */
  take(): Promise<Fare>;
  /** Starts over: neither what was seen nor what is under way counts. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('bystander-process.ts', import.meta.url));
const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

/** Looks at their release and their list forty times a second, and installs and deletes a release again and again. */
export function startBystander(orders: BystanderOrders): Bystander {
  const child = fork(PROGRAM, [JSON.stringify(orders)], { execPath: NODE, execArgv: [] });
  const ask = async (what: 'take' | 'restart'): Promise<Fare> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(120_000) });
    child.send(what);
    const [fare] = (await answer) as [Fare];
    return fare;
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
