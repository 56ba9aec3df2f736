/** Answers up to this many bytes are made at once. */
const LONG = 512 * 1024;

/**
 * Resolves when it is the caller's turn to have a long answer made: long ones are in memory several times until they
 * are sent, so only few are made at the same time, of each caller one. Further calls do nothing.
 */
export type WhenLong = () => Promise<void>;

/** Waits for the turn of an answer, once, as soon as it has so many bytes, about, that it is a long one. */
export function createLongTurn(whenLong: WhenLong | undefined): (bytes: number) => Promise<void> {
  let isLong = false;
  return async (bytes) => {
    if (!isLong && bytes > LONG) {
      isLong = true;
      await whenLong?.();
    }
  };
}
