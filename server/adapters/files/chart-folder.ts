import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';

const DIGEST = /^[0-9a-f]{64}$/;

/** The chart folder of this machine; an archive is `<digest>.tgz` in it, as the engine expects. */
export function createChartFolder(folder: string): ChartFolder {
  /** A digest from a record may be any text: one that is none has no file, here or elsewhere. Error: code ENOENT. */
  function fileOf(digest: string): string {
    if (!DIGEST.test(digest)) {
      throw Object.assign(new Error(`no archive has the digest ${JSON.stringify(digest.slice(0, 80))}`), {
        code: 'ENOENT',
      });
    }
    return join(folder, `${digest}.tgz`);
  }

  /** Marks the archive as used: archives unused for long are removed. Rejects if there is no such file. */
  async function touch(digest: string, now = new Date()): Promise<void> {
    await utimes(fileOf(digest), now, now);
  }

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
      // Opened first: a stream that opens its file by itself may do so after that was removed.
      const file = await open(incoming, 'wx', 0o600);
      try {
        await pipeline(hashed, file.createWriteStream());
      } catch (error) {
        await discard();
        throw error;
      }
      const digest = hash.digest('hex');
      return { digest, keep: () => rename(incoming, fileOf(digest)), discard };
    },
    async remove(digest) {
      if (DIGEST.test(digest)) {
        await rm(fileOf(digest), { force: true });
      }
    },
  };
}
