import { describe, expect, it } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../test/harness/fakes/recorded-revision.ts';
import { readReleaseFacts, type ReleaseFacts } from './release-facts.ts';
import { type RecordContext, toReleaseRecord } from './release-record.ts';

const ALONE: RecordContext = { earlier: null, firstWritten: '2026-01-01T00:00:00Z' };

function factsOf(spec: Parameters<typeof releaseConfig>[0]): ReleaseFacts {
  const facts = readReleaseFacts(releaseConfig(spec));
  if (facts === null) throw new Error('no facts');
  return facts;
}

describe('a release record', () => {
  it('of a revision that Walm wrote has its facts and is not from outside', () => {
    const revision = recordedRevision({
      config: { merged: true },
      releaseConfig: releaseConfig({ configValues: { replicas: 2 }, releaseLabels: { team: 'a' }, repo: 'stable' }),
    });
    expect(toReleaseRecord(revision, ALONE)).toMatchObject({
      key: 'demo/web',
      revision: 1,
      configValues: { replicas: 2 },
      facts: { releaseLabels: { team: 'a' }, repoName: 'stable' },
      outside: null,
      paused: false,
    });
  });

  it('names the objects of the manifest, the ReleaseConfig left out', () => {
    const { objects } = toReleaseRecord(recordedRevision({ releaseConfig: releaseConfig({}) }), ALONE);
    expect(objects).toEqual([{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'web' }]);
  });

  it('of a release that Walm never touched is plain Helm', () => {
    const revision = recordedRevision({ revision: 3, config: { replicas: 1 }, releaseConfig: null });
    expect(toReleaseRecord(revision, ALONE)).toMatchObject({
      configValues: { replicas: 1 },
      facts: null,
      outside: { revision: 0, since: '2026-01-01T00:00:00Z' },
    });
  });

  it('of a change by plain Helm keeps the facts of before, and the values that run now', () => {
    const earlier = factsOf({ releaseLabels: { team: 'a' } });
    const sealedBefore = { revision: 2, since: '2026-02-01T00:00:00Z' };
    const revision = recordedRevision({ revision: 4, config: { replicas: 9 }, releaseConfig: null });
    expect(toReleaseRecord(revision, { ...ALONE, earlier, sealedBefore })).toMatchObject({
      configValues: { replicas: 9 },
      facts: { releaseLabels: { team: 'a' } },
      outside: { revision: 2, since: '2026-02-01T00:00:00Z' },
    });
  });

  it("takes a chart's own ReleaseConfig for no fact of Walm", () => {
    const { metadata: _none, ...foreign } = releaseConfig({});
    expect(toReleaseRecord(recordedRevision({ releaseConfig: foreign }), ALONE).facts).toBeNull();
  });

  it.each([
    ['paused by Walm', releaseConfig({ plugins: [{ name: 'pauseRelease' }] }), 0, true],
    ['recovered by Walm', releaseConfig({ plugins: [{ name: 'PauseRelease', disable: true }] }), 1, false],
    ['with no plugin', releaseConfig({}), 0, false],
  ])('%s says so', (_name, config, replicas, paused) => {
    expect(toReleaseRecord(recordedRevision({ releaseConfig: config }, replicas), ALONE).paused).toBe(paused);
  });

  it.each([
    ['is undone by a change from outside that scales up', 2, false],
    ['survives a change from outside that leaves it at zero', 0, true],
  ])('a pause %s', (_name, replicas, paused) => {
    const facts = factsOf({ plugins: [{ name: 'PauseRelease' }] });
    const revision = recordedRevision({ revision: 2, releaseConfig: null }, replicas);
    const record = toReleaseRecord(revision, { ...ALONE, earlier: facts });
    expect(record.paused).toBe(paused);
  });

  it('shows no secret that the schema, the metainfo or Walm itself knows of', () => {
    const values = { bySchema: 'canary-1', byMetainfo: 'canary-2', sub: { byWalm: 'canary-3' }, open: 'seen' };
    const metainfo = 'params: [{name: p, type: password, mapKey: byMetainfo}]';
    const record = toReleaseRecord(
      recordedRevision({
        config: values,
        computedValues: values,
        releaseConfig: releaseConfig({ configValues: { sub: { byWalm: '***' } } }),
        schemas: [{ path: [], schema: { properties: { bySchema: { format: 'password' } } } }],
        metaFiles: { 'metainfo.yaml': new TextEncoder().encode(metainfo) },
      }),
      ALONE,
    );
    expect(JSON.stringify(record)).not.toContain('canary');
    expect(record.computedValues).toEqual({
      bySchema: '***',
      byMetainfo: '***',
      sub: { byWalm: '***' },
      open: 'seen',
    });
    expect(record.metaInfoValues?.params).toEqual([{ name: 'p', type: 'password', value: '"***"' }]);
  });
});
