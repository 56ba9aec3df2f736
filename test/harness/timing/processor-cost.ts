/** Tries of which the cheapest counts: a collection of garbage, or code that is not compiled yet, belongs to no work. */
const TRIES = 3;
/** The reference is taken so often, and its middle counts. */
const REFERENCES = 5;
const NUMBERS = 1_200;

/**
 * What a computation takes of the processor, in units: as much as a fixed piece of work takes on the same machine at the
 * same moment, which is about a millisecond on a fast one. A machine that is slow, busy or paused takes longer for both,
 * and so does not make it more.
 */
export function processorCost(run: () => unknown): number {
  return Math.min(...Array.from({ length: TRIES }, () => firstCost(run)));
}

/** The same of a single run, where what is prepared the first time may be the cost: bounds are several times as much. */
export function firstCost(run: () => unknown): number {
  const before = referenceMs();
  const took = processorMs(run);
  // The slower of both: the machine may have become slow meanwhile.
  return took / Math.max(before, referenceMs());
}

/** What a computation takes of the processor, in milliseconds; other threads of this process count, too. */
function processorMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A piece of work that takes about a millisecond on a fast machine: objects, texts and sorting, as the product does. */
export function referenceWork(): number {
  const entries = Array.from({ length: NUMBERS }, (_, at) => ({
    at: (at * 2_654_435_761) % 4_294_967_296,
    text: `e${at}`,
  }));
  const copy = JSON.parse(JSON.stringify(entries)) as typeof entries;
  return copy.toSorted((a, b) => a.at - b.at).filter(({ text }) => text.endsWith('7')).length;
}

function referenceMs(): number {
  const times = Array.from({ length: REFERENCES }, () => processorMs(referenceWork)).toSorted((a, b) => a - b);
  return times[Math.floor(REFERENCES / 2)] ?? Number.NaN;
}
