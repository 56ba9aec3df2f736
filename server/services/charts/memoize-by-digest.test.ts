import { beforeEach, expect, test } from 'vitest';
import type { ChartDetails } from '../../ports/helm/helm-chart.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { createChartFacts } from './chart-facts.ts';
import { createCheckArchive } from './check-archive.ts';
import { memoizeByDigest } from './memoize-by-digest.ts';

let asked: string[];
beforeEach(() => (asked = []));

test('an answer is asked for once, a failure each time, and no more than 64 are kept', async () => {
  let fails = true;
  const ask = memoizeByDigest(async (digest) => {
    asked.push(digest);
    if (fails) throw problem('ENGINE_BUSY', 'not now');
    return digest.toUpperCase();
  });
  await expect(ask('a')).rejects.toMatchObject({ code: 'ENGINE_BUSY' });
  fails = false;
  expect([await ask('a'), await ask('a')]).toEqual(['A', 'A']);
  expect(asked).toEqual(['a', 'a']);
  for (let i = 0; i < 64; i += 1) await ask(`${i}`);
  asked = [];
  await ask('63');
  await ask('a');
  expect(asked).toEqual(['a']);
});

test('who comes while another one asks does not share the question, which that one may cancel', async () => {
  const ask = memoizeByDigest(async (digest) => void asked.push(digest));
  await Promise.all([ask('a'), ask('a')]);
  expect(asked).toEqual(['a', 'a']);
});

test('an archive that was accepted is not checked again', async () => {
  const checkChart = async (digest: string) => {
    asked.push(digest);
    return { digest, bytes: 1, name: 'web', version: '1' };
  };
  const check = createCheckArchive({ engine: { checkChart } });
  expect([await check('a'), await check('a')].map(({ name }) => name)).toEqual(['web', 'web']);
  expect(asked).toEqual(['a']);
});

test('the facts of a chart are those of its files; a metainfo that cannot be read is a warning', async () => {
  const inspect = (metainfo: string) =>
    createChartFacts({
      engine: {
        inspectChart: async (digest) =>
          ({
            digest,
            name: 'web',
            version: '1',
            appVersion: '2',
            values: { size: 1 },
            schemas: [{ path: [], schema: { properties: { pw: { writeOnly: true } } } }],
            metaFiles: { 'metainfo.yaml': Buffer.from(metainfo) },
            readWords: ['size'],
          }) as unknown as ChartDetails,
      },
    })('a');
  const facts = await inspect('params: []\n');
  expect(facts).toMatchObject({ name: 'web', version: '1', appVersion: '2', values: { size: 1 }, warnings: [] });
  expect(facts.metainfo).not.toBeNull();
  expect([...(facts.readWords ?? [])]).toEqual(['size']);
  const broken = await inspect('params: {');
  expect(broken.metainfo).toBeNull();
  expect(broken.warnings).toHaveLength(1);
});
