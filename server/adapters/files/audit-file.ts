import { appendFileSync } from 'node:fs';

/**
 * Appends lines to a file that only its owner may read (mode 0600). The file is opened for each line, so that log
 * rotation can rename it at any time.
 * @throws errors of the file system
 */
export function createAuditFile(path: string): (line: string) => void {
  const append = (text: string) => appendFileSync(path, text, { mode: 0o600 });
  // A path that cannot be written is found at the start, not at the first change.
  append('');
  return (line) => append(`${line}\n`);
}
