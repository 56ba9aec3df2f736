import { basename, dirname } from 'node:path';

import { readSources } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

/** Files with more lines are listed: they probably contain two ideas. */
const SMELL_LINES = 300;
/** Files with more lines are refused. */
const REFUSED_LINES = 500;
/** Files of the composition are wiring, which is read from top to bottom, and must be short. */
const WIRING = { folder: 'server/composition/', maxLines: 120 };
/** A folder with more production files is refused: split it into rooms. */
const MAX_FILES = 25;
/** Names that say nothing about the one idea a file should own. */
const REFUSED_NAMES = new Set(['utils', 'util', 'types', 'helpers', 'helper', 'common', 'misc']);
/** A file that only re-exports others; in Go an index.go is an ordinary file. */
const BARREL = /(^|\/)index\.(ts|tsx|mjs)$/;

/** What {@link checkSizes} found. `refused` fails the check, `smells` are only shown. */
export interface SizeReport {
  refused: string[];
  smells: string[];
  /** Median number of lines per file, tests left out. */
  medianLines: number;
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function isTest(path: string): boolean {
  return /(\.test|\.conformance)\.ts$|_test\.go$/.test(path);
}

function folderFaults(files: readonly SourceFile[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    if (isTest(path)) continue;
    const folder = dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MAX_FILES)
    .map(([folder, count]) => `${folder}: ${count} production files, at most ${MAX_FILES}: give it rooms`);
}

/**
 * Checks the length and the name of every file (one idea per file, and the name says which), that wiring is short, and
 * that at most 25 production files are directly in a folder.
 */
export function checkSizes(files: readonly SourceFile[]): SizeReport {
  const refused: string[] = [];
  const smells: string[] = [];
  for (const { path, text } of files) {
    const lines = lineCount(text);
    if (lines > REFUSED_LINES) refused.push(`${path}: ${lines} lines, at most ${REFUSED_LINES}: split it by idea`);
    else if (path.startsWith(WIRING.folder) && !isTest(path) && lines > WIRING.maxLines)
      refused.push(`${path}: ${lines} lines of wiring, at most ${WIRING.maxLines}: give each area its own file`);
    else if (lines > SMELL_LINES) smells.push(`${path}: ${lines} lines`);
    const stem = basename(path).split('.')[0] ?? '';
    if (REFUSED_NAMES.has(stem) || BARREL.test(path))
      refused.push(`${path}: the name does not say what the file is about`);
  }
  const lengths = files
    .filter(({ path }) => !isTest(path))
    .map(({ text }) => lineCount(text))
    .toSorted((left, right) => left - right);
  refused.push(...folderFaults(files));
  return { refused, smells, medianLines: lengths[Math.floor(lengths.length / 2)] ?? 0 };
}

if (import.meta.main) {
  const files = readSources(/\.(ts|tsx|mjs|go)$/);
  const { refused, smells, medianLines } = checkSizes(files);
  for (const line of smells) console.log(`smell: ${line}`);
  for (const line of refused) console.error(`refused: ${line}`);
  console.log(`${files.length} files, median ${medianLines} lines`);
  if (refused.length > 0 || files.length === 0) process.exitCode = 1;
}
