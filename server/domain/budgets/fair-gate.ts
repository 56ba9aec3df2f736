export type FairGateDeps = {
  /** Maximum concurrent work of all holders. */
  all: number;
  /** Maximum concurrent work of one holder. */
  each: number;
  /** Maximum work waiting for one holder, and the error for further work; absent if something else limits it. */
  line?: { max: number; refusal: (holder: string) => Error };
};

/** Limits concurrent work; holders take turns, so that a busy holder does not delay others. */
export interface FairGate {
  /**
   * Runs the work when it is the holder's turn.
   * @throws the refusal, and whatever the work throws
   */
  run<T>(holder: string, work: () => Promise<T>): Promise<T>;
  /** Number of running and of waiting pieces of work. */
  load(): { running: number; waiting: number };
}

type Line = { running: number; begin: (() => void)[] };

/** A gate; nothing is remembered of idle holders. */
export function createFairGate({ all, each, line: limit }: FairGateDeps): FairGate {
  /** In the order of turns. */
  const lines = new Map<string, Line>();
  let running = 0;

  function beginNext(): void {
    if (running >= all) {
      return;
    }
    for (const [holder, line] of lines) {
      const begin = line.running < each ? line.begin.shift() : undefined;
      if (begin !== undefined) {
        lines.delete(holder);
        lines.set(holder, line);
        line.running += 1;
        running += 1;
        begin();
        return;
      }
    }
  }

  function end(holder: string, line: Line): void {
    line.running -= 1;
    running -= 1;
    if (line.running === 0 && line.begin.length === 0) {
      lines.delete(holder);
    }
    beginNext();
  }

  return {
    async run(holder, work) {
      const line = lines.get(holder) ?? { running: 0, begin: [] };
      if (limit !== undefined && line.begin.length >= limit.max) {
        throw limit.refusal(holder);
      }
      lines.set(holder, line);
      const turn = Promise.withResolvers<void>();
      line.begin.push(turn.resolve);
      beginNext();
      await turn.promise;
      try {
        return await work();
      } finally {
        end(holder, line);
      }
    },
    load: () => ({ running, waiting: [...lines.values()].reduce((sum, { begin }) => sum + begin.length, 0) }),
  };
}
