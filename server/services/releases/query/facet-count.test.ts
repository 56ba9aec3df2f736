import { expect, test } from 'vitest';
import { createMasker } from '../../../domain/masking/masker.ts';
import { toReleaseRecord } from '../../../domain/release/release-record.ts';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createFacetCount } from './facet-count.ts';
import type { Candidate } from './release-candidates.ts';

const all = { phase: true, namespace: true, chart: true, project: true };

function candidate(namespace: string, chart: string, given: Partial<Candidate> = {}): Candidate {
  return {
    key: `${namespace}/web`,
    namespace,
    name: 'web',
    record: undefined,
    tasks: [],
    chart,
    project: '',
    phase: () => 'ready',
    ready: () => true,
    ...given,
  };
}

test('a facet counts what the filters of the other fields let through', () => {
  const count = createFacetCount();
  count.add(candidate('a', 'kafka'), all);
  count.add(candidate('b', 'kafka'), { ...all, namespace: false });
  count.add(candidate('c', 'redis'), { ...all, namespace: false, chart: false });
  const { namespace, chart, phase } = count.counted();
  expect(JSON.stringify(namespace)).toContain('"a"');
  expect(JSON.stringify(namespace)).toContain('"b"');
  expect(JSON.stringify(namespace)).not.toContain('"c"');
  expect(JSON.stringify(chart)).not.toContain('redis');
  expect(JSON.stringify(phase)).toContain('1');
});

test('the name of a chart is shown without the secrets of its release', () => {
  const made = toReleaseRecord(recordedRevision(), { earlier: null, firstWritten: '2026-01-01T00:00:00Z' });
  const record = { ...made, masker: createMasker([{ text: 'canary-secret' }]) };
  const count = createFacetCount();
  count.add(candidate('a', 'with-canary-secret', { record }), all);
  expect(JSON.stringify(count.counted().chart)).toContain('with-***');
});
