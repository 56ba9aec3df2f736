import { takesLessThan } from '../../domain/json/takes-less-than.ts';
import type { Threads } from '../../ports/runtime/threads.ts';

/** A named computation on input from outside. Its input and output are JSON. */
export type JobKind<I extends object, O extends object> = {
  readonly name: string;
  /** Pure. @throws ProblemError */
  readonly perform: (input: I) => O;
};

/**
 * Runs the job where it does not block the event loop; `holder` is the caller whose share of the threads is used.
 * @throws ProblemError
 */
export type PlacedJob<I extends object, O extends object> = (input: I, holder: string) => Promise<O>;

/**
 * Most releases are smaller. The slowest job on an input of this size takes some ten milliseconds; starting a thread
 * takes longer.
 */
const HERE = 64 * 1024;

/**
 * The one rule for computations whose cost grows with the input of a caller, a chart or a record: small inputs are
 * processed in place, all others in a thread with limits of time and memory, which receives them as strings, one for each
 * field.
 */
export function createPlacedJob<I extends object, O extends object>(
  threads: Pick<Threads, 'run'>,
  { name, perform }: JobKind<I, O>,
): PlacedJob<I, O> {
  return async function placedJob(input, holder) {
    if (takesLessThan(input, HERE)) {
      return perform(input);
    }
    // The output of `performWritten` for a job of this kind.
    const made = (await threads.run({ name, input: await written(input) }, holder)) as Texts;
    return (await read(made)) as O;
  };
}

/** An object as it goes from thread to thread: each of its fields as the text of its JSON. */
type Texts = Record<string, string>;

/** The thread's side: from texts to texts. */
export function performWritten<I extends object, O extends object>({ perform }: JobKind<I, O>) {
  return (input: unknown): Texts => {
    const fields = Object.entries(input as Texts).map(([key, text]) => [key, JSON.parse(text) as unknown]);
    return textsOf(perform(Object.fromEntries(fields) as I));
  };
}

function textsOf(value: object): Texts {
  const given = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(given.map(([key, field]) => [key, JSON.stringify(field)]));
}

/** Field by field, others in between: all fields of a large record at once would take too long. */
async function written(value: object): Promise<Texts> {
  const texts: Texts = {};
  for (const [key, field] of Object.entries(value)) {
    Object.assign(texts, textsOf({ [key]: field as unknown }));
    await othersFirst(texts[key] ?? '');
  }
  return texts;
}

async function read(texts: Texts): Promise<object> {
  const fields: [string, unknown][] = [];
  for (const [key, text] of Object.entries(texts)) {
    fields.push([key, JSON.parse(text)]);
    await othersFirst(text);
  }
  return Object.fromEntries(fields);
}

/** After a large text, waiting work runs before the next one. */
async function othersFirst(text: string): Promise<void> {
  if (text.length > HERE) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
