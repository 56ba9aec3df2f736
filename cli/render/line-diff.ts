/** One line of a comparison. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Texts with more lines than this are not compared line by line. */
const MAX_LINES = 2000;

/** Compares two texts line by line, by their longest common subsequence. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = before.split('\n');
  const now = after.split('\n');
  if (old.length > MAX_LINES || now.length > MAX_LINES) {
    return [...old.map((text) => ({ mark: '-' as const, text })), ...now.map((text) => ({ mark: '+' as const, text }))];
  }
  const lengths = commonLengths(old, now);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ mark: ' ', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if (i < old.length && (j >= now.length || lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1))) {
      lines.push({ mark: '-', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ mark: '+', text: now[j] ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** Only changed lines, each with the lines around it; a gap is `…`. */
export function changedLines(lines: readonly DiffLine[], around: number): DiffLine[] {
  const kept = new Set<number>();
  for (const [at, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    for (let near = at - around; near <= at + around; near += 1) kept.add(near);
  }
  const shown: DiffLine[] = [];
  let wasShown = true;
  for (const [at, line] of lines.entries()) {
    if (kept.has(at)) shown.push(line);
    else if (wasShown) shown.push({ mark: ' ', text: '…' });
    wasShown = kept.has(at);
  }
  return shown;
}

function lengthAt(lengths: readonly Uint16Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

/** How many lines the rests of both texts have in common, for every pair of rests. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    if (row === undefined) continue;
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] =
        old[i] === now[j]
          ? lengthAt(lengths, i + 1, j + 1) + 1
          : Math.max(lengthAt(lengths, i + 1, j), row[j + 1] ?? 0);
    }
  }
  return lengths;
}
