import { expect, test } from 'vitest';
import { manifestDocument, shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { writeStrategy } from './deployment-strategy.ts';
import type { JsonObject } from '../json/json.ts';
import { valueAt } from '../json/json-reading.ts';

const deployment = (strategy: JsonObject) =>
  manifestDocument({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { strategy } });

test('is written to Deployments, and to nothing else', () => {
  const { changed } = writeStrategy(shopDocuments(), { maxSurge: 2, maxUnavailable: '25%' });
  expect(changed.map(({ object }) => object?.['kind'])).toEqual(['Deployment']);
  expect(valueAt(changed[0]?.object ?? {}, 'spec', 'strategy')).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: 2, maxUnavailable: '25%' },
  });
});

test.each<[JsonObject, JsonObject, JsonObject]>([
  [{}, { type: 'Recreate' }, { type: 'Recreate', rollingUpdate: null }],
  [
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    { maxSurge: 3 },
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 0 } },
  ],
  [{ type: 'Recreate' }, { type: 'RollingUpdate' }, { type: 'RollingUpdate' }],
  [{ type: 'Recreate' }, { maxUnavailable: 0 }, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } }],
])('%j with %j becomes %j', (before, strategy, after) => {
  const { changed } = writeStrategy([deployment(before)], strategy);
  expect(valueAt(changed[0]?.object ?? {}, 'spec', 'strategy')).toEqual(after);
  expect(writeStrategy([deployment(after)], strategy).changed).toEqual([]);
});

test('what the chart says already is not a change', () => {
  expect(writeStrategy([deployment({ type: 'RollingUpdate' })], {}).changed).toEqual([]);
});
