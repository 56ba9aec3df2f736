import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';

/** The chart folder of this machine; an archive is `<digest>.tgz` in it, as the engine expects. */
export function createChartFolder(folder: string): ChartFolder {
  const fileOf = (digest: string) => join(folder, `${digest}.tgz`);
  /** Marks the archive as used: archives unused for long are removed. Rejects if there is no such file. */
  const touch = (digest: string, now = new Date()) => utimes(fileOf(digest), now, now);
  return {
    has: (digest) =>
      touch(digest).then(
        () => true,
        () => false,
      ),
    async read(digest) {
      try {
        await touch(digest);
        return await readFile(fileOf(digest));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
          return null;
        }
        throw error;
      }
    },
    async write(digest, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const incoming = join(folder, `restore-${randomUUID()}.part`);
      await writeFile(incoming, bytes, { mode: 0o600 });
      await rename(incoming, fileOf(digest));
    },
    async receive(bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const incoming = join(folder, `upload-${randomUUID()}.part`);
      const discard = () => rm(incoming, { force: true });
      const hash = createHash('sha256');
      const hashed = async function* () {
        for await (const chunk of bytes) {
          hash.update(chunk);
          yield chunk;
        }
      };
      try {
        await pipeline(hashed, createWriteStream(incoming, { mode: 0o600, flags: 'wx' }));
      } catch (error) {
        await discard();
        throw error;
      }
      const digest = hash.digest('hex');
      return { digest, keep: () => rename(incoming, fileOf(digest)), discard };
    },
    remove: (digest) => rm(fileOf(digest), { force: true }),
  };
}
