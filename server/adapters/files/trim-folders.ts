import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, sleep } from '../../ports/runtime/clock.ts';

/** A folder whose files can all be restored, and its limits. */
export interface TrimmedFolder {
  readonly path: string;
  /** Maximum bytes of all files together; the least recently used are removed first. */
  readonly maxBytes: number;
  /** A file used more recently than this is never removed: an operation may be about to read it. */
  readonly restMs: number;
}

export interface TrimFoldersDeps {
  readonly folders: readonly TrimmedFolder[];
  readonly clock: Clock;
  readonly onError: (folder: string, error: unknown) => void;
}

const EVERY_MS = 30_000;

/**
 * Keeps folders within their size limits until `signal` is aborted. Files count as used when they are written or
 * touched.
 */
export function createTrimFolders({ folders, clock, onError }: TrimFoldersDeps) {
  return {
    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await Promise.all(
          folders.map((folder) =>
            trimFolder(folder, clock.now()).catch((error: unknown) => onError(folder.path, error)),
          ),
        );
        await sleep(clock, EVERY_MS, signal).catch(() => undefined);
      }
    },
  };
}

/** Removes files of the folder and below until it is within its size; returns how many. */
export async function trimFolder({ path, maxBytes, restMs }: TrimmedFolder, now: number): Promise<number> {
  const files = await filesBelow(path);
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  let removed = 0;
  for (const { file, size, usedAt } of files.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= maxBytes || now - usedAt < restMs) {
      break;
    }
    await rm(file, { force: true });
    bytes -= size;
    removed += 1;
  }
  return removed;
}

async function filesBelow(folder: string): Promise<{ file: string; size: number; usedAt: number }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        // Removed meanwhile by another process.
        const facts = await stat(file).catch(() => null);
        return facts && { file, size: facts.size, usedAt: facts.mtimeMs };
      }),
  );
  return found.filter((one) => one !== null);
}
