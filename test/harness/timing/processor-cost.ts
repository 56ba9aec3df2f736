/** Number of tries, of which the cheapest counts: garbage collections and compilation are not part of the work. */
const TRIES = 3;
/** How often the reference is measured; the median counts. */
const REFERENCES = 5;
const NUMBERS = 1_200;

/**
 * Processor time of a computation, in units of a fixed reference work measured on the same machine at the same moment
 * (about a millisecond on a fast one). A slow, busy or paused machine takes longer for both, so the result stays the
 * same.
 */
export function processorCost(run: () => unknown): number {
  return Math.min(...Array.from({ length: TRIES }, () => firstCost(run)));
}

/** The same for a single run, in which one-time preparation may dominate: use limits that are several times higher. */
export function firstCost(run: () => unknown): number {
  const before = referenceMs();
  const took = processorMs(run);
  // The slower of both: the machine may have become slow meanwhile.
  return took / Math.max(before, referenceMs());
}

/** Processor time of a computation, in milliseconds, including other threads of this process. */
function processorMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A piece of work that takes about a millisecond on a fast machine: objects, texts and sorting, as in the product. */
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
