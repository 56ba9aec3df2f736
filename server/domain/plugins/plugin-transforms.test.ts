import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { type PluginUse, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import { valueAt } from '../json/json-reading.ts';

const shop = shopDocuments();
const uses: PluginUse[] = [
  { name: 'LabelPod', args: { labelsToAdd: { team: 'shop' } } },
  { name: 'Tolerations', args: { tolerations: [{ operator: 'Exists' }] } },
  { name: 'ImageRegistry', args: { registry: 'r.example' } },
  { name: 'Ingress', args: { serviceName: 'web' } },
  { name: 'PauseRelease' },
  { name: 'guardian', args: { a: 1 } },
];

test('each plugin sees what those before it made, and pausing comes last', () => {
  const patch = { target: { kind: 'Ingress', name: 'web' }, type: 'merge', patch: { spec: { ingressClassName: 'x' } } };
  const { added, changed } = runPlugins(shop, [
    { name: 'PauseRelease' },
    { name: 'Ingress', args: { serviceName: 'web' } },
    {
      name: 'CustomPatch',
      args: {
        patches: [patch, { ...patch, target: { kind: 'Deployment', name: 'web' }, patch: { spec: { replicas: 7 } } }],
      },
    },
  ]);
  expect(added.map((object) => valueAt(object, 'spec', 'ingressClassName'))).toEqual(['x']);
  const web = changed.find(({ object }) => object?.['kind'] === 'Deployment')?.object;
  expect(valueAt(web ?? {}, 'spec', 'replicas')).toBe(0);
});

test('hooks stay as they are, except for plugins that say so', () => {
  const hook = shop.find((document) => document.hook !== undefined)?.index;
  const touched = (use: PluginUse) => runPlugins(shop, [use]).changed.some(({ index }) => index === hook);
  expect(uses.filter(touched).map(({ name }) => name)).toEqual(['Tolerations', 'ImageRegistry']);
});

test('documents are not changed in place: without the plugins everything is as it was', () => {
  const before = JSON.stringify(shop);
  fc.assert(
    fc.property(fc.shuffledSubarray(uses), (some) => {
      runPlugins(shop, some);
      expect(JSON.stringify(shop)).toBe(before);
    }),
  );
});

test('the order of plugins that do not meet makes no difference', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(uses, { minLength: uses.length }), (shuffled) => {
      const sorted = ({ changed }: ReturnType<typeof runPlugins>) => changed.toSorted((a, b) => a.index - b.index);
      expect(sorted(runPlugins(shop, shuffled))).toEqual(sorted(runPlugins(shop, uses)));
    }),
  );
});
