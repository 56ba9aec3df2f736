/** The one clock of a simulated world: it stands still while anything runs, and then jumps to the next event. */
export interface VirtualTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once after `delayMs`; the returned function cancels that. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs the events that are due, one after the other, until `isOver` or nothing is left. */
  runUntil(isOver: () => boolean): Promise<void>;
  /** How many events have run so far. */
  events(): number;
}

type Timer = { at: number; order: number; run: (() => void) | null };

/** Starts at `startMs`. Events due at the same time run in the order in which they were scheduled. */
export function createVirtualTime(startMs: number): VirtualTime {
  let now = startMs;
  let order = 0;
  let events = 0;
  /** A binary heap by time, then by order. */
  const heap: Timer[] = [];
  const isBefore = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(timer: Timer): void {
    let at = heap.push(timer) - 1;
    for (let up = (at - 1) >> 1; at > 0 && isBefore(timer, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      heap[up] = timer;
      at = up;
    }
  }

  function pop(): Timer | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (child >= heap.length || !isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  return {
    now: () => now,
    events: () => events,
    after(delayMs, run) {
      const timer: Timer = { at: now + Math.max(0, delayMs), order: (order += 1), run };
      push(timer);
      return () => (timer.run = null);
    },
    async runUntil(isOver) {
      await settled();
      while (!isOver()) {
        const next = pop();
        if (next === undefined) return;
        if (next.run === null) continue;
        now = next.at;
        events += 1;
        next.run();
        await settled();
      }
    },
  };
}

/**
 * Resolves when every promise has progressed as far as it can without time: nothing in the world waits for anything
 * else.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
