/** A few places that holders take in turn: who wants many waits behind each of the others once. */
export interface Turns {
  /** Runs `work` when a place is free and it is the holder's turn. */
  take<T>(holder: string, work: () => Promise<T>): Promise<T>;
  waiting(): number;
}

export function createTurns(places: number): Turns {
  /** By holder, in the order in which their turns come. */
  const queues = new Map<string, (() => void)[]>();
  let free = places;
  let waiting = 0;

  function next(): void {
    const [first] = queues;
    if (free === 0 || first === undefined) {
      return;
    }
    const [holder, queue] = first;
    const begin = queue.shift();
    queues.delete(holder);
    if (queue.length > 0) {
      queues.set(holder, queue);
    }
    free -= 1;
    waiting -= 1;
    begin?.();
  }

  return {
    waiting: () => waiting,
    take: (holder, work) =>
      new Promise((resolve, reject) => {
        const begin = () => {
          void work()
            .then(resolve, reject)
            .finally(() => {
              free += 1;
              next();
            });
        };
        waiting += 1;
        const queue = queues.get(holder);
        if (queue === undefined) {
          queues.set(holder, [begin]);
        } else {
          queue.push(begin);
        }
        next();
      }),
  };
}
