import { expect, test } from 'vitest';
import { shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { afterPlugin, refusalOf, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import { valueAt } from '../json/json-reading.ts';

const shop = shopDocuments();
const args = { labelsToAdd: { team: 'shop', tier: 'front' }, annotationsToAdd: { note: 'y', contact: 'a@b.example' } };

test('adds labels and annotations to the pods of Deployments, StatefulSets and DaemonSets', () => {
  const { changed, added, warnings } = runPlugins(shop, [{ name: 'labelpod', args }]);
  expect([added, warnings]).toEqual([[], []]);
  expect(changed.map(({ object }) => object?.['kind'])).toEqual(['Deployment', 'StatefulSet', 'DaemonSet']);
  const metadata = changed.map(({ object }) => valueAt(object ?? {}, 'spec', 'template', 'metadata'));
  expect(metadata[0]).toEqual({
    labels: { app: 'web', team: 'shop', tier: 'front' },
    annotations: { note: 'y', contact: 'a@b.example' },
  });
  expect(metadata[1]).toMatchObject({ labels: { app: 'db' }, annotations: { note: 'y' } });
  expect(valueAt(changed[0]?.object ?? {}, 'spec', 'selector')).toEqual({ matchLabels: { app: 'web' } });
});

test('without arguments nothing happens', () => {
  expect(runPlugins(shop, [{ name: 'LabelPod' }]).changed).toEqual([]);
  expect(runPlugins(shop, [{ name: 'LabelPod', args: {} }]).changed).toEqual([]);
});

test('applying it twice is applying it once', () => {
  const once = afterPlugin(shop, 'LabelPod', args);
  expect(runPlugins(once, [{ name: 'LabelPod', args }]).changed).toEqual([]);
});

test('a label that a workload selects its pods by is not changed', () => {
  const error = refusalOf(shop, 'LabelPod', { labelsToAdd: { app: 'other' } });
  expect([error.code, error.status, error.object]).toEqual([
    'PLUGIN_REFUSED',
    422,
    { kind: 'Deployment', namespace: 'shop', name: 'web' },
  ]);
  expect(runPlugins(shop.slice(3, 4), [{ name: 'LabelPod', args: { labelsToAdd: { app: 'web' } } }]).changed).toEqual(
    [],
  );
});
