import { whenAborted } from '../../ports/runtime/clock.ts';

/** Counts the bytes of answers that are in memory because clients have not read them yet. */
export interface UnreadAnswers {
  /** Whether another answer may be written for the holder, which is always so if the holder has no unread answer. */
  hasRoom(holder: string): boolean;
  /** Resolves when the holder has room, or when the signal is aborted. */
  whenRoom(holder: string, signal: AbortSignal): Promise<void>;
  /** Counts an answer. @returns takes it off the count; further calls do nothing */
  add(holder: string, bytes: number): () => void;
  /** The bytes counted now, for all holders. */
  total(): number;
}

/**
 * A holder has room while its unread answers have less than `each` bytes and those of all holders less than `all`. The
 * answer that exceeds a limit is still sent: its length is known only once it is written.
 */
export function createUnreadAnswers({ all, each }: { readonly all: number; readonly each: number }): UnreadAnswers {
  const held = new Map<string, number>();
  let total = 0;
  let taken = Promise.withResolvers<void>();

  function change(holder: string, bytes: number): void {
    const now = (held.get(holder) ?? 0) + bytes;
    total += bytes;
    if (now === 0) {
      held.delete(holder);
    } else {
      held.set(holder, now);
    }
  }

  function hasRoom(holder: string): boolean {
    const own = held.get(holder) ?? 0;
    return own === 0 || (own < each && total < all);
  }

  return {
    hasRoom,
    async whenRoom(holder, signal) {
      const aborted = whenAborted(signal);
      while (!hasRoom(holder) && !signal.aborted) {
        await Promise.race([taken.promise, aborted]);
      }
    },
    add(holder, bytes) {
      change(holder, bytes);
      let isHeld = true;
      return () => {
        if (isHeld) {
          isHeld = false;
          change(holder, -bytes);
          taken.resolve();
          taken = Promise.withResolvers();
        }
      };
    },
    total: () => total,
  };
}
