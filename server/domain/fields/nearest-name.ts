/** Names are short: a longer text is not a typo, and the cost grows with the product of both lengths. */
const MAX_LENGTH = 64;

/**
 * The candidate closest to `name` (ignoring case), if it is close enough for a typo; else undefined, as for names of
 * more than 64 characters.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) {
    return undefined;
  }
  const limit = Math.max(2, Math.floor(name.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    // The distance is at least the difference of the lengths.
    if (candidate.length <= MAX_LENGTH && Math.abs(candidate.length - name.length) <= limit) {
      const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
      if (distance <= limit && (best === undefined || distance < best.distance)) {
        best = { candidate, distance };
      }
    }
  }
  return best?.candidate;
}

/** Levenshtein's distance: insertions, deletions and replacements from one text to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
