import type { Threads } from '../../ports/runtime/threads.ts';

/** Computing over what others sent, by a name. What it takes and makes is JSON. */
export type JobKind<I extends object, O extends object> = {
  readonly name: string;
  /** Pure. @throws ProblemError */
  readonly perform: (input: I) => O;
};

/** Does the job where it keeps nobody waiting; `holder` is whose turn it is where threads are few. @throws ProblemError */
export type PlacedJob<I extends object, O extends object> = (input: I, holder: string) => Promise<O>;

/** Most releases are smaller; what takes longest of this size takes some ten milliseconds, a thread that begins longer. */
const HERE = 64 * 1024;
/** What a value counts beside the letters of a text. */
const EACH = 8;

/**
 * The one rule for computing that grows with what a caller, a chart or a record holds: what is small is done at once, and
 * everything else in a thread with limits of time and memory, to which it goes as one text.
 */
export function createPlacedJob<I extends object, O extends object>(
  threads: Pick<Threads, 'run'>,
  { name, perform }: JobKind<I, O>,
): PlacedJob<I, O> {
  return async function placedJob(input, holder) {
    if (isSmall(input)) {
      return perform(input);
    }
    // What `performWritten` makes of a job of this kind.
    return JSON.parse((await threads.run({ name, input: JSON.stringify(input) }, holder)) as string) as O;
  };
}

/** The thread's side: from a text to a text. */
export function performWritten<I extends object, O extends object>({ perform }: JobKind<I, O>) {
  return (input: unknown): string => JSON.stringify(perform(JSON.parse(input as string) as I));
}

/** Looks at no more than decides it. */
function isSmall(value: object): boolean {
  let left = HERE;
  const queue: unknown[] = [value];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    left -= EACH + (typeof one === 'string' ? one.length : 0);
    if (typeof one === 'object' && one !== null) {
      for (const key in one) {
        left -= EACH + key.length;
        if (left < 0) {
          return false;
        }
        // What is undefined is not sent.
        queue.push((one as Record<string, unknown>)[key] ?? null);
      }
    }
    if (left < 0) {
      return false;
    }
  }
  return true;
}
