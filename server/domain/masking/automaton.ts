import { addSpan } from './spans.ts';

/**
 * Finds many byte strings in one pass over a text (Aho-Corasick): a few nanoseconds per byte, independent of their
 * number and the text. Stored in typed arrays, because the automaton of a release lives as long as the release.
 */
export type Automaton = {
  /**
   * The ranges of the text covered by needles: pairs of start and end (exclusive), ascending, merged if they overlap or
   * touch.
   */
  cover(text: Uint8Array): number[];
};

/**
 * A string of at least `PREFIX` bytes; if `whole` is longer, the text after the needle is compared with the rest of it.
 * `goesOn`: if all of it is found, everything that follows is covered, too.
 */
export type Needle = { bytes: Uint8Array; whole?: Uint8Array; goesOn?: true };

/** Bytes by which most positions are ruled out at once. */
const PREFIX = 4;
/** A state with more transitions than this has a table of them. */
const FEW = 4;
/** If more needles share a beginning, the longest is assumed to match: comparing all of them would take too long. */
const MAX_ALIKE = 8;

export function createAutomaton(needles: readonly Needle[]): Automaton {
  const max = needles.reduce((sum, { bytes }) => sum + bytes.length, 1);
  /** The byte by which state n continues to n+1, if n+1 was created for that; -1: none. */
  const chain = new Int16Array(max).fill(-1);
  const parent = new Int32Array(max);
  const entered = new Uint8Array(max);
  const depth = new Uint16Array(max);
  /** Length of the longest needle that ends in a state. */
  const ending = new Uint16Array(max);
  /** Needles that are longer than what the automaton stores of them, by the state in which they end. */
  const longer = new Map<number, { whole: Uint8Array; goesOn: boolean }[]>();
  const branches = new Map<number, number>();
  const fanOut = new Map<number, number>();
  let count = 1;

  for (const { bytes, whole, goesOn = false } of needles) {
    let state = 0;
    for (const byte of bytes) {
      const known = chain[state] === byte ? state + 1 : branches.get(state * 256 + byte);
      if (known !== undefined) {
        state = known;
        continue;
      }
      if (state === count - 1 && state !== 0) {
        chain[state] = byte;
      } else {
        branches.set(state * 256 + byte, count);
        fanOut.set(state, (fanOut.get(state) ?? 0) + 1);
      }
      parent[count] = state;
      entered[count] = byte;
      depth[count] = (depth[state] as number) + 1;
      state = count++;
    }
    ending[state] = bytes.length;
    if (whole !== undefined) {
      longer.set(state, [...(longer.get(state) ?? []), { whole, goesOn }]);
    }
  }

  const { table, rows, rowOf } = tablesOf(branches, fanOut, count);
  const { marks, shift, mask } = prefixMarks(needles);

  function next(state: number, byte: number): number {
    if (chain[state] === byte) {
      return state + 1;
    }
    const row = rowOf[state] as number;
    return row < 0 ? -1 : row > 0 ? (rows[row * 256 + byte] as number) : table(state * 256 + byte);
  }

  const fallback = new Int32Array(count);
  for (const state of byDepth(depth, count)) {
    if (parent[state] !== 0) {
      let from = fallback[parent[state] as number] as number;
      let to = go(from, entered[state] as number);
      while (to < 0 && from !== 0) {
        from = fallback[from] as number;
        to = go(from, entered[state] as number);
      }
      fallback[state] = Math.max(to, 0);
    }
    // A needle that ends here as a part of a longer one: the longest covers all others.
    ending[state] ||= ending[fallback[state] as number] as number;
  }

  function go(state: number, byte: number): number {
    const to = state === 0 ? (rows[byte] as number) : next(state, byte);
    return to === 0 ? -1 : to;
  }

  return {
    cover(text) {
      const spans: number[] = [];
      const { length } = text;
      let at = 0;
      while (at + PREFIX <= length) {
        at = firstCandidate(text, at);
        let state = 0;
        while (at < length) {
          const byte = text[at++] as number;
          let to = go(state, byte);
          if (to < 0) {
            do {
              state = fallback[state] as number;
              to = go(state, byte);
            } while (to < 0 && state !== 0);
            state = Math.max(to, 0);
            if ((depth[state] as number) < PREFIX) {
              // Checking the prefix shows faster whether the present match can be a needle.
              at -= depth[state] as number;
              break;
            }
          } else {
            state = to;
          }
          const found = ending[state] as number;
          if (found > 0) {
            addSpan(spans, at - found, longer.size === 0 ? at : endOf(text, state, at, spans));
          }
        }
      }
      return spans;
    },
  };

  /** The first position from `from` on where a needle may begin; the end of the text if there is none. */
  function firstCandidate(text: Uint8Array, from: number): number {
    const { length } = text;
    let hash = 0;
    for (let at = from; at < from + PREFIX - 1; at++) {
      hash = (hash << shift) ^ (text[at] as number);
    }
    for (let at = from + PREFIX - 1; at < length; at++) {
      hash = ((hash << shift) ^ (text[at] as number)) & mask;
      if (marks[hash] === 1) {
        return at - PREFIX + 1;
      }
    }
    return length;
  }

  /**
   * Where a needle that is longer than the automaton stores ends: as far as the text matches it. Parts that were
   * compared before are not compared again.
   */
  function endOf(text: Uint8Array, state: number, at: number, spans: readonly number[]): number {
    let end = at;
    if ((spans.at(-1) ?? 0) > at) {
      return end;
    }
    for (let one = state; one !== 0; one = fallback[one] as number) {
      const wholes = longer.get(one) ?? [];
      const start = at - (depth[one] as number);
      for (const { whole, goesOn } of wholes) {
        let same = wholes.length > MAX_ALIKE ? whole.length : at - start;
        while (same < whole.length && text[start + same] === whole[same]) same++;
        end = goesOn && same === whole.length ? text.length : Math.max(end, Math.min(start + same, text.length));
      }
    }
    return end;
  }
}

/** States by their depth, without the root. */
function byDepth(depth: Uint16Array, count: number): Int32Array {
  const levels: number[] = [];
  for (let state = 1; state < count; state++) {
    const level = depth[state] as number;
    levels[level] = (levels[level] ?? 0) + 1;
  }
  let sum = 0;
  const begins = levels.map((size) => (sum += size) - size);
  const order = new Int32Array(count - 1);
  for (let state = 1; state < count; state++) {
    const level = depth[state] as number;
    const place = begins[level] as number;
    begins[level] = place + 1;
    order[place] = state;
  }
  return order;
}

/** The transitions outside the chains: tables for the states that have many, one hash for all others. */
function tablesOf(branches: ReadonlyMap<number, number>, fanOut: ReadonlyMap<number, number>, count: number) {
  /** -1: no transition except the chain; 0: look in the hash (the root has row 0, and is handled separately). */
  const rowOf = new Int32Array(count).fill(-1);
  let many = 1;
  for (const [state, ways] of fanOut) rowOf[state] = state !== 0 && ways > FEW ? many++ : 0;
  const rows = new Int32Array(many * 256);
  const size = 2 ** Math.ceil(Math.log2(branches.size * 2 + 2));
  const keys = new Int32Array(size).fill(-1);
  const values = new Int32Array(size);
  for (const [key, value] of branches) {
    const state = key >> 8;
    const row = rowOf[state] as number;
    if (state === 0 || row > 0) {
      rows[row * 256 + (key & 255)] = value;
    } else {
      let at = slot(key);
      while (keys[at] !== -1) at = (at + 1) & (size - 1);
      keys[at] = key;
      values[at] = value;
    }
  }
  function slot(key: number): number {
    return (Math.imul(key, 0x9e3779b1) >>> 7) & (size - 1);
  }
  function table(key: number): number {
    for (let at = slot(key); ; at = (at + 1) & (size - 1)) {
      const found = keys[at];
      if (found === key) return values[at] as number;
      if (found === -1) return -1;
    }
  }
  return { table, rows, rowOf };
}

/**
 * Marks the hashes of the first bytes of the needles. The hash depends on the last `PREFIX` bytes only: earlier ones
 * have been shifted out.
 */
function prefixMarks(needles: readonly Needle[]) {
  const shift = needles.length < 64 ? 3 : needles.length < 1024 ? 4 : 5;
  const mask = 2 ** (shift * PREFIX) - 1;
  const marks = new Uint8Array(mask + 1);
  for (const { bytes } of needles) {
    let hash = 0;
    for (let at = 0; at < PREFIX; at++) hash = ((hash << shift) ^ (bytes[at] as number)) & mask;
    marks[hash] = 1;
  }
  return { marks, shift, mask };
}
