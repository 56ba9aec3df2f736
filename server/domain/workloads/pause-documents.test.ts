import {
  array,
  constant,
  constantFrom,
  dictionary,
  integer,
  option,
  property,
  record,
  string,
  assert as check,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { pauseDocuments, type PauseRules, recoverDocuments } from './pause-documents.ts';

const RULES: PauseRules = { daemonSets: true, isFinishedJob: () => false };

function documentOf(index: number, apiVersion: string, kind: string, spec: JsonObject): ManifestDocument {
  const name = `app-${index}`;
  const object = { apiVersion, kind, metadata: { name }, spec };
  return { index, source: 'chart/templates/app.yaml', apiVersion, kind, namespace: 'demo', name, object };
}

/** The documents as they are applied. */
function applied(
  documents: readonly ManifestDocument[],
  changed: readonly { index: number; object: JsonObject }[],
): ManifestDocument[] {
  const byIndex = new Map(changed.map(({ index, object }) => [index, object]));
  return documents.map((document) => ({ ...document, object: byIndex.get(document.index) ?? document.object }));
}

const specOf = (document: ManifestDocument | undefined) => document?.object['spec'];

describe('pausing', () => {
  test.each(['Deployment', 'StatefulSet', 'ReplicaSet'])('leaves a %s no replicas', (kind) => {
    const documents = [documentOf(0, 'apps/v1', kind, { replicas: 3, other: 'stays' })];
    const { changed, paused } = pauseDocuments(documents, RULES);
    expect(specOf(applied(documents, changed)[0])).toEqual({ replicas: 0, other: 'stays' });
    expect(paused).toEqual([{ kind, namespace: 'demo', name: 'app-0', field: 'replicas', value: 3 }]);
  });

  test('suspends CronJobs and Jobs, but not a Job that is finished', () => {
    const documents = ['CronJob', 'Job', 'Job'].map((kind, index) => documentOf(index, 'batch/v1', kind, {}));
    const { changed } = pauseDocuments(documents, { ...RULES, isFinishedJob: ({ name }) => name === 'app-2' });
    expect(applied(documents, changed).map(specOf)).toEqual([{ suspend: true }, { suspend: true }, {}]);
  });

  test('sends DaemonSets to no node, or names them when they are to go on', () => {
    const spec = { template: { spec: { nodeSelector: { disk: 'ssd' } } } };
    const documents = [documentOf(0, 'apps/v1', 'DaemonSet', spec)];
    const nodeSelector = { disk: 'ssd', 'walm.io/paused': 'true' };
    expect(pauseDocuments(documents, RULES).changed[0]?.object['spec']).toEqual({
      template: { spec: { nodeSelector } },
    });
    const untouched = pauseDocuments(documents, { ...RULES, daemonSets: false });
    expect(untouched).toMatchObject({ changed: [], paused: [], notPaused: [{ kind: 'DaemonSet', name: 'app-0' }] });
  });

  test('names what it cannot stop, passes over what runs nothing, and does not touch hooks', () => {
    const hook = { events: ['pre-upgrade'], weight: 0, deletePolicies: [] };
    const documents = [
      documentOf(0, 'v1', 'Pod', {}),
      documentOf(1, 'v1', 'Service', {}),
      documentOf(2, 'autoscaling/v2', 'HorizontalPodAutoscaler', {}),
      documentOf(3, 'db.example.com/v1', 'Database', {}),
      { ...documentOf(4, 'batch/v1', 'Job', {}), hook },
    ];
    const { changed, notPaused } = pauseDocuments(documents, RULES);
    expect(changed).toEqual([]);
    expect(notPaused.map(({ kind }) => kind)).toEqual(['Pod', 'Database']);
  });
});

describe('recovering', () => {
  const workloads = constantFrom(
    ['apps/v1', 'Deployment'] as const,
    ['apps/v1', 'StatefulSet'] as const,
    ['extensions/v1beta1', 'DaemonSet'] as const,
    ['batch/v1', 'CronJob'] as const,
    ['batch/v1', 'Job'] as const,
    ['v1', 'ConfigMap'] as const,
  );
  const podSpec = record({ nodeSelector: option(dictionary(string(), string()), { nil: null }) }, { requiredKeys: [] });
  const spec = record(
    {
      replicas: option(integer({ min: 0, max: 9 }), { nil: null }),
      suspend: constantFrom(true, false),
      template: record({ spec: podSpec }),
      more: constant({ deep: [1, 'two'] }),
    },
    { requiredKeys: [] },
  );
  const documents = array(record({ workload: workloads, spec })).map((entries) =>
    entries.map(({ workload: [apiVersion, kind], spec: content }, index) =>
      documentOf(index, apiVersion, kind, content as JsonObject),
    ),
  );

  test('gives back exactly what pausing took', () => {
    check(
      property(documents, (original) => {
        const { changed, paused } = pauseDocuments(original, RULES);
        const stopped = applied(original, changed);
        const recovered = applied(stopped, recoverDocuments(stopped, paused));
        expect(JSON.stringify(recovered)).toBe(JSON.stringify(original));
      }),
    );
  });

  test('finds nothing to do in what is paused already', () => {
    check(
      property(documents, (original) => {
        const stopped = applied(original, pauseDocuments(original, RULES).changed);
        expect(pauseDocuments(stopped, RULES)).toMatchObject({ changed: [], paused: [] });
      }),
    );
  });

  test('leaves foreign changes made meanwhile', () => {
    const paused = [{ kind: 'Deployment', namespace: 'demo', name: 'app-0', field: 'replicas', value: 3 } as const];
    expect(recoverDocuments([documentOf(0, 'apps/v1', 'Deployment', { replicas: 5 })], paused)).toEqual([]);
    const selector = { zone: 'a', 'walm.io/paused': 'true' };
    const daemonSet = documentOf(0, 'apps/v1', 'DaemonSet', { template: { spec: { nodeSelector: selector } } });
    const memory = [{ kind: 'DaemonSet', namespace: 'demo', name: 'app-0', field: 'nodeSelector' } as const];
    expect(recoverDocuments([daemonSet], memory)[0]?.object['spec']).toEqual({
      template: { spec: { nodeSelector: { zone: 'a' } } },
    });
  });
});
