import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A text file of the checkout: its path from the root, with forward slashes, and its content. */
export interface SourceFile {
  path: string;
  text: string;
}

/** Generated files: they follow their generator, not the rules for sources. */
const GENERATED =
  /(^|\/)(package-lock\.json|go\.sum|openapi\.json|all-plugins\.ts)$|^docs\/reference\/(api|config|errors)\.md$/;
/** Files that break rules on purpose. */
const CANARY = /^tools\/import-law-canary\//;
const BINARY = /\.(png|tgz|ico|woff2)$/;

/** Paths of all files that git tracks or would add, sorted, relative to the root of the checkout. */
export function trackedPaths(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(ROOT + path)).toSorted();
}

/** The paths of {@link trackedPaths} that people write: generated, deliberately wrong and binary files are left out. */
export function sourcePaths(): string[] {
  return trackedPaths().filter((path) => !GENERATED.test(path) && !CANARY.test(path) && !BINARY.test(path));
}

/** The files of {@link sourcePaths} whose path matches, with their content. */
export function readSources(matching: RegExp): SourceFile[] {
  return sourcePaths()
    .filter((path) => matching.test(path))
    .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));
}
