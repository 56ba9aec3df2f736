import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './source-files.ts';

/** One import that breaks the rules, as dependency-cruiser reports it. */
interface Violation {
  rule: string;
  from: string;
  to: string;
}

interface Cruise {
  modules: number;
  violations: Violation[];
}

const CONFIG = join(ROOT, 'imports.config.mjs');
const CRUISER = join(ROOT, 'node_modules/.bin/depcruise');
const FOLDERS = ['contract', 'server', 'cli', 'console', 'test', 'tools'];

/** Checks the folders below `base` and returns the violations and the number of modules. */
function cruise(base: string, folders: readonly string[]): Cruise {
  const output = execFileSync(
    CRUISER,
    ['--config', CONFIG, '--output-type', 'json', ...folders.filter((folder) => existsSync(join(base, folder)))],
    { cwd: base, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { summary } = JSON.parse(output) as {
    summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] };
  };
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name })),
  };
}

/** Expected violations of the canary that the check did not report. Rules that refuse nothing are broken. */
export function missedViolations(expected: readonly Omit<Violation, 'to'>[], found: readonly Violation[]): string[] {
  return expected
    .filter(({ rule, from }) => !found.some((violation) => violation.rule === rule && violation.from === from))
    .map(({ rule, from }) => `the canary's ${from} should break ${rule}, and was let through`);
}

if (import.meta.main) {
  const canaryBase = join(ROOT, 'tools/import-law-canary');
  const expectedFile = join(canaryBase, 'expected-violations.json');
  const expected = JSON.parse(readFileSync(expectedFile, 'utf8')) as Omit<Violation, 'to'>[];
  const missed = missedViolations(expected, cruise(canaryBase, FOLDERS).violations);
  const { modules, violations } = cruise(ROOT, FOLDERS);

  for (const line of missed) console.error(line);
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} imports ${to}`);
  console.log(
    `${modules} modules, ${violations.length} violations, canary ${missed.length === 0 ? 'refused' : 'ALIVE'}`,
  );
  if (modules === 0) console.error('no module was cruised: is @swc/core installed?');
  if (missed.length + violations.length > 0 || modules === 0) process.exitCode = 1;
}
