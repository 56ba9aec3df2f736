import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manifestDocument, shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { afterPlugin, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import type { JsonObject } from '../json/json.ts';
import { valueAt } from '../json/json-reading.ts';

const shop = shopDocuments();
const inZone = (zone: string): JsonObject => ({ key: 'zone', operator: 'In', values: [zone] });
const ssd: JsonObject = { key: 'disk', operator: 'In', values: ['ssd'] };
const termsOf = (object: JsonObject | null | undefined) =>
  valueAt(
    object ?? {},
    'spec',
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
const pod = (terms: JsonObject[]) =>
  manifestDocument({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: {
      containers: [],
      affinity: {
        podAffinity: {},
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
      },
    },
  });

test('binds every pod that the chart makes, hooks included, or the chosen workloads only', () => {
  const args = {
    required: [{ matchExpressions: [ssd] }],
    preferred: [{ weight: 5, preference: { matchExpressions: [ssd] } }],
  };
  const { changed } = runPlugins(shop, [{ name: 'nodeAffinity', args }]);
  const kinds = changed.map(({ object }) => object?.['kind']);
  expect(kinds).toEqual(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Pod', 'Job']);
  expect(valueAt(changed[0]?.object ?? {}, 'spec', 'template', 'spec', 'affinity')).toEqual({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: args.required },
      preferredDuringSchedulingIgnoredDuringExecution: args.preferred,
    },
  });
  const chosen = runPlugins(shop, [
    {
      name: 'NodeAffinity',
      args: { ...args, workloads: [{ kind: 'statefulset' }, { name: 'web', kind: 'Deployment' }] },
    },
  ]);
  expect(chosen.changed.map(({ object }) => object?.['kind'])).toEqual(['Deployment', 'StatefulSet']);
});

test('a node has to meet what the chart wants, too', () => {
  const theirs = [{ matchExpressions: [inZone('a')] }, { matchExpressions: [inZone('b')] }];
  const { changed } = runPlugins(
    [pod(theirs)],
    [{ name: 'NodeAffinity', args: { required: [{ matchExpressions: [ssd] }] } }],
  );
  expect(termsOf(changed[0]?.object)).toEqual([
    { matchExpressions: [inZone('a'), ssd] },
    { matchExpressions: [inZone('b'), ssd] },
  ]);
  expect(valueAt(changed[0]?.object ?? {}, 'spec', 'affinity', 'podAffinity')).toEqual({});
});

const term = fc
  .uniqueArray(fc.constantFrom(inZone('a'), inZone('b'), ssd, { key: 'gpu', operator: 'Exists' }), { minLength: 1 })
  .map((matchExpressions): JsonObject => ({ matchExpressions }));

test('applying it twice is applying it once', () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 3 }), fc.array(term, { minLength: 1, maxLength: 3 }), (theirs, ours) => {
      const args = { required: ours, preferred: [{ weight: 1, preference: ours[0] ?? {} }] };
      const once = afterPlugin([pod(theirs)], 'NodeAffinity', args);
      expect(runPlugins(once, [{ name: 'NodeAffinity', args }]).changed).toEqual([]);
    }),
  );
});

test('a node fits what comes out exactly when it fits both', () => {
  const holds = (labels: Record<string, string>, { key, operator, values }: JsonObject): boolean =>
    operator === 'Exists'
      ? labels[key as string] !== undefined
      : (values as string[]).includes(labels[key as string] ?? '');
  const fits = (labels: Record<string, string>, terms: JsonObject[]): boolean =>
    terms.some(({ matchExpressions }) => (matchExpressions as JsonObject[]).every((each) => holds(labels, each)));
  const node = fc.record(
    { zone: fc.constantFrom('a', 'b', 'c'), disk: fc.constantFrom('ssd', 'hdd'), gpu: fc.constant('1') },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.array(term, { minLength: 1, maxLength: 3 }),
      fc.array(term, { minLength: 1, maxLength: 3 }),
      node,
      (theirs, ours, labels) => {
        const [after] = afterPlugin([pod(theirs)], 'NodeAffinity', { required: ours });
        expect(fits(labels, termsOf(after?.object) as JsonObject[])).toBe(fits(labels, theirs) && fits(labels, ours));
      },
    ),
  );
});
