import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/redis-server', import.meta.url));

/**
 * Prepares the folder of a Redis server on 127.0.0.1, without persistence, and returns the command that runs it.
 * `lines` are added to its configuration.
 */
export async function prepareRedis(
  folder: string,
  port: number,
  lines: readonly string[] = [],
): Promise<{ file: string; args: string[] }> {
  if (!existsSync(PROGRAM)) throw new Error('bin/redis-server is not there: run `make bin/redis-server`');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'redis.conf');
  const own = [`port ${port}`, 'bind 127.0.0.1', 'save ""', 'appendonly no', `dir ${folder}`];
  await writeFile(file, [...own, ...lines, ''].join('\n'), { mode: 0o600 });
  return { file: PROGRAM, args: [file] };
}
