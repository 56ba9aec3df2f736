/** Answers up to this many bytes are made at once. */
const LONG = 512 * 1024;

/**
 * Resolves when it is the caller's turn to have a long answer made: long ones are in memory several times until they
 * are sent, so only few are made at the same time, of each caller one. Further calls do nothing.
 */
export type WhenLong = () => Promise<void>;

/** Whether an answer of so many bytes, about, is a long one. */
export function isLongAnswer(bytes: number): boolean {
  return bytes > LONG;
}
