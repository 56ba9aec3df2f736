import { expect, test } from 'vitest';
import { createMemoryChartFolder } from '../../adapters/memory/chart-folder.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createArchiveUses } from './archive-uses.ts';

const DIGEST = 'a'.repeat(64);

/** A folder, and work that puts an archive there and refuses it as soon as it is allowed to. */
function stage() {
  const folder = createMemoryChartFolder();
  const uses = createArchiveUses(folder);
  async function check(isOver: Promise<void> = Promise.resolve()): Promise<string> {
    try {
      return await uses.use(DIGEST, async (checked) => {
        await folder.write(DIGEST, Buffer.from('not a chart'));
        await isOver;
        const isThere = await folder.has(DIGEST);
        return checked(
          Promise.reject(
            isThere
              ? problem('CHART_YAML_INVALID', 'it is not a chart')
              : problem('CHART_NOT_FOUND', 'it is not there'),
          ),
        );
      });
    } catch (error) {
      return (error as { code: string }).code;
    }
  }
  return { folder, check };
}

test('each of those who send a refused archive at once is told why, and nothing is left', async () => {
  const { folder, check } = stage();
  const last = Promise.withResolvers<void>();
  const [first, slow] = [check(), check(last.promise)];
  expect(await first).toBe('CHART_YAML_INVALID');
  const later = check();
  last.resolve();
  expect([await slow, await later]).toEqual(['CHART_YAML_INVALID', 'CHART_YAML_INVALID']);
  expect(await folder.has(DIGEST)).toBe(false);
});

test('one who comes while it is removed waits for that', async () => {
  const { folder, check } = stage();
  const gate = Promise.withResolvers<void>();
  const uses = createArchiveUses({
    async remove(digest) {
      await gate.promise;
      await folder.remove(digest);
    },
  });
  const refused = () =>
    uses.use(DIGEST, async (checked) => {
      await folder.write(DIGEST, Buffer.from('not a chart'));
      await checked(Promise.reject(problem('CHART_TOO_LARGE', 'it is too large')));
    });
  const first = refused().catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  let isThere = false;
  const second = uses.use(DIGEST, async () => {
    await folder.write(DIGEST, Buffer.from('not a chart'));
    await new Promise((resolve) => setImmediate(resolve));
    isThere = await folder.has(DIGEST);
  });
  gate.resolve();
  await Promise.all([first, second]);
  expect(isThere).toBe(true);
  expect(await check()).toBe('CHART_YAML_INVALID');
});

test('other failures leave the archive to those who use it, and no archive is none', async () => {
  const folder = createMemoryChartFolder();
  const uses = createArchiveUses(folder);
  await folder.write(DIGEST, Buffer.from('a chart'));
  await expect(uses.use(DIGEST, (checked) => checked(Promise.reject(problem('CANCELLED', 'gone'))))).rejects.toThrow(
    'gone',
  );
  expect(await folder.has(DIGEST)).toBe(true);
  expect(await uses.use(undefined, () => Promise.resolve('none'))).toBe('none');
});
