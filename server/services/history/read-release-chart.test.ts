import { expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { createMemoryChartFolder } from '../../adapters/memory/chart-folder.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { NO_SECRETS } from '../../domain/masking/masker.ts';
import type { RevisionReader } from './read-revision.ts';
import { createReadReleaseChart } from './read-release-chart.ts';

const reading = { namespace: 'demo', release: 'web', caller: null, requestId: 'r' };
const { signal } = new AbortController();
const KEPT = 'a'.repeat(64);
const PACKED = 'b'.repeat(64);

/** `kept`: whether the namespace keeps the archive. `version`: of the chart that the record says. */
async function stage({ kept = true, recorded = true, version = '1.0.0' } = {}) {
  const folder = createMemoryChartFolder();
  await folder.write(KEPT, Buffer.from('kept'));
  await folder.write(PACKED, Buffer.from('packed'));
  const source = { kind: 'archive' as const, ref: 'web.tgz', version: '1.0.0', digest: KEPT };
  const revision = recordedRevision({
    chartName: 'web',
    chartVersion: version,
    releaseConfig: releaseConfig({ source }),
  });
  const asked: string[] = [];
  const read = createReadReleaseChart({
    reader: { read: async () => ({ revision, secrets: { masker: NO_SECRETS } }) } as unknown as Pick<
      RevisionReader,
      'read'
    >,
    restoreRecorded: async (namespace, digest) => {
      asked.push(`${namespace} ${digest}`);
      if (!kept) throw problem('CHART_NOT_RECORDED', 'it is nowhere');
    },
    engine: {
      packRecordedChart: async () => (recorded ? { digest: PACKED, bytes: 6, name: 'web', version: '1.0.0' } : null),
    },
    folder,
  });
  return { asked, read: async () => read(reading, undefined, signal) };
}
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('the chart of a release is the archive that its namespace keeps', async () => {
  const { read, asked } = await stage();
  const { bytes, ...rest } = await read();
  expect(text(bytes)).toBe('kept');
  expect(rest).toEqual({ digest: KEPT, fileName: 'web-1.0.0.tgz', warnings: [] });
  expect(asked).toEqual([`demo ${KEPT}`]);
});

test.each([{ kept: false }, { version: '2.0.0' }])('it is what Helm recorded, with a warning: %j', async (given) => {
  const { bytes, digest, warnings } = await (await stage(given)).read();
  expect([text(bytes), digest, warnings[0]?.code]).toEqual(['packed', PACKED, 'CHART_FROM_RECORD']);
});

test('one that is nowhere is an error', async () => {
  const { read } = await stage({ kept: false, recorded: false });
  await expect(read()).rejects.toMatchObject({ code: 'CHART_NOT_RECORDED' });
});
