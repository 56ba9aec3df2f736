import { expect, test } from 'vitest';

import { gatherGoFailures } from './go-failures.ts';
import { readGoTestLine } from './suite-counts.ts';

const line = (Action: string, Test: string | undefined, Output?: string) =>
  readGoTestLine(JSON.stringify({ Action, Package: 'p', Test, Output }));

test('a failed test is reported with its output, even if tests ran in parallel', () => {
  const failures = gatherGoFailures();
  failures.add(line('output', 'TestA', 'a is wrong\n'));
  failures.add(line('output', 'TestB', 'b is well\n'));
  failures.add(line('pass', 'TestB'));
  failures.add(line('output', 'TestA', 'a is still wrong\n'));
  failures.add(line('fail', 'TestA'));
  expect(failures.text()).toBe('p TestA failed:\na is wrong\na is still wrong\n');
  expect(failures.names()).toEqual(['p TestA']);
});

test('a package that failed without a failed test is reported, with the end of its output', () => {
  const failures = gatherGoFailures();
  for (let i = 0; i < 1_000; i += 1) failures.add(line('output', undefined, `line ${i}\n`));
  failures.add(line('fail', undefined));
  expect(failures.text()).toMatch(/^p failed:\nline 940\n[^]*line 999\n$/u);
});
