import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import type { RecordedRevision } from '../release/release-record.ts';
import { readReleaseFacts } from '../release/release-facts.ts';
import { secretsByFacts, secretsOfRevision } from '../release/revision-secrets.ts';
import { shownConfigValues, subchartNames, summarizeRevision } from './shown-revision.ts';

const ours = (annotations: JsonObject = {}): JsonObject => ({
  metadata: { annotations: { 'walm.io/facts': 'v1', ...annotations } },
  spec: { configValues: { user: 'x', password: '***' } },
});

function revision(changes: Partial<RecordedRevision> = {}): RecordedRevision {
  return {
    name: 'web',
    namespace: 'demo',
    revision: 3,
    status: 'deployed',
    chartName: 'web',
    chartVersion: '1.0.0',
    appVersion: '1',
    updated: '2026-01-01T00:00:00Z',
    description: 'Upgrade complete',
    config: { user: 'x', password: 'canary-secret' },
    computedValues: { user: 'x', password: 'canary-secret', port: 1 },
    notes: '',
    objects: [],
    seal: { sealed: true, by: null, at: '2026-01-01T00:00:00Z', operation: 'upgrade' },
    releaseConfig: null,
    schemas: [],
    metaFiles: {},
    ...changes,
  };
}

describe('a revision in a history', () => {
  it('says why it was written, for whom and by which task', () => {
    const releaseConfig = ours({ 'walm.io/cause': 'paused by a', 'walm.io/caller': 'a', 'walm.io/task': 't' });
    expect(
      summarizeRevision(revision({ releaseConfig }), secretsOfRevision(revision({ releaseConfig }))),
    ).toMatchObject({
      cause: 'paused by a',
      caller: 'a',
      task: 't',
      outside: false,
    });
  });

  it('of plain helm has only its description', () => {
    const chartsOwn = { metadata: { annotations: { 'walm.io/cause': 'not ours' } } };
    const plain = revision({ releaseConfig: chartsOwn });
    expect(summarizeRevision(plain, secretsOfRevision(plain))).toMatchObject({
      cause: 'Upgrade complete',
      caller: null,
      task: null,
      outside: true,
    });
  });
});

it('a revision is described without its secrets', () => {
  const failed = revision({
    description: 'Release failed: invalid value "canary-secret", or "Y2FuYXJ5LW1hZGU="',
    schemas: [{ path: [], schema: { properties: { password: { writeOnly: true } } } }],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: 'demo',
        name: 'web',
        object: { apiVersion: 'v1', kind: 'Secret', stringData: { token: 'canary-made', user: 'root', port: '5432' } },
      },
    ],
    releaseConfig: ours({
      'walm.io/cause': 'upgraded with canary-made by root',
      'walm.io/warnings': '[{"code": "X", "message": "canary-secret at 5432"}]',
    }),
  });
  expect(summarizeRevision(failed, secretsOfRevision(failed))).toMatchObject({
    description: 'Release failed: invalid value "***", or "***"',
    cause: 'upgraded with *** by root',
    warnings: [{ code: 'X', message: '*** at 5432' }],
  });
});

describe('what is secret in a revision', () => {
  it('is what Walm masked, in values and wherever else it stands', () => {
    const written = revision({ releaseConfig: ours() });
    const secrets = secretsOfRevision(written);
    expect(secrets.values(written.computedValues)).toEqual({ user: 'x', password: '***', port: 1 });
    expect(secrets.masker.text('use canary-secret to log in')).toBe('use *** to log in');
    expect(secrets.masker.json({ env: ['PASSWORD=canary-secret'] })).toEqual({ env: ['PASSWORD=***'] });
    expect(shownConfigValues(written, secrets)).toEqual({ user: 'x', password: '***' });
  });

  it('is known for a revision of plain helm from the one that Walm wrote before', () => {
    const foreign = revision({ config: { password: 'canary-secret', more: 1 } });
    expect(shownConfigValues(foreign, secretsByFacts(foreign, readReleaseFacts(ours())))).toEqual({
      password: '***',
      more: 1,
    });
  });
});

it('subcharts have their values under their alias, or their name', () => {
  expect(subchartNames({ dependencies: [{ name: 'redis', alias: 'cache' }, { name: 'metrics' }] })).toEqual([
    'cache',
    'metrics',
  ]);
  expect(subchartNames({})).toEqual([]);
});
