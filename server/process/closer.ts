import type { Logger } from 'pino';

/** Stops something that was started. Takes no longer than necessary; it is not interrupted. */
export type Close = () => void | Promise<void>;

/** What must be stopped when the server ends, in the order in which it was started. */
export interface Closer {
  /** Registers what was just started. */
  push(name: string, close: Close): void;
  /**
   * Stops everything in reverse order, one after the other, even if some fail.
   * @returns the names of parts that failed or were not reached within `deadlineMs`; empty on success
   */
  close(deadlineMs: number): Promise<string[]>;
}

/** An empty closer. */
export function createCloser({ log, delay }: { log: Logger; delay: (ms: number) => Promise<void> }): Closer {
  const stack: { name: string; close: Close }[] = [];
  return {
    push(name, close) {
      stack.push({ name, close });
    },
    async close(deadlineMs) {
      const failed: string[] = [];
      const late = Symbol('late');
      const deadline = delay(deadlineMs).then(() => late);
      for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
        const { name, close } = entry;
        const outcome = await Promise.race([settle(close), deadline]);
        if (outcome === late) {
          const left = [
            name,
            ...stack
              .splice(0)
              .reverse()
              .map((rest) => rest.name),
          ];
          log.error({ parts: left, deadlineMs }, 'parts did not stop within the deadline');
          return [...failed, ...left];
        }
        if (outcome !== undefined) {
          log.error({ part: name, err: outcome }, 'stopping the part failed');
          failed.push(name);
        }
      }
      return failed;
    },
  };
}

/** The error that stopping ended with, if any. */
async function settle(close: Close): Promise<unknown> {
  try {
    await close();
    return undefined;
  } catch (error) {
    return error ?? new Error('stopped with an empty error');
  }
}
