/** One row of a table of the threat model: its line, and the files that its last cell names. */
interface ThreatRow {
  line: number;
  says: string;
  tests: string[];
}

/** Heading of the column that names tests. */
const TESTS = 'test';

/** Rows of every table whose last column is headed `test`. */
export function threatRows(page: string): ThreatRow[] {
  const rows: ThreatRow[] = [];
  let isTested = false;
  let previous = '';
  for (const [index, line] of page.split('\n').entries()) {
    const cells = line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [];
    const last = cells.at(-1) ?? '';
    if (cells.length === 0) {
      isTested = false;
    } else if (cells.every((cell) => /^:?-+:?$/.test(cell))) {
      isTested = previous.toLowerCase() === TESTS;
    } else if (isTested) {
      const tests = [...last.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      rows.push({ line: index + 1, says: cells[0] ?? '', tests });
    }
    previous = last;
  }
  return rows;
}

/** What is wrong with the page: rows without a test, and tests that `exists` does not find. A line each. */
export function threatFaults(page: string, exists: (path: string) => boolean): string[] {
  return threatRows(page).flatMap(({ line, says, tests }) =>
    tests.length === 0
      ? [`line ${line}: "${says}" names no test`]
      : tests.filter((path) => !isTest(path) || !exists(path)).map((path) => `line ${line}: there is no test ${path}`),
  );
}

function isTest(path: string): boolean {
  return /(\.test\.ts|_test\.go)$/.test(path);
}
