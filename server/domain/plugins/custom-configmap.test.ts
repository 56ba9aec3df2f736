import { expect, test } from 'vitest';
import { manifestDocument, shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { afterPlugin, refusalOf, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import type { JsonObject } from '../json/json.ts';
import { valueAt } from '../json/json-reading.ts';

const shop = shopDocuments();
const item = {
  configMapData: 'level=debug',
  configMapVolumeMountsMountPath: '/etc/web/log.conf',
  configMapVolumeMountsSubPath: 'log.conf',
  configMapMode: 420,
};
const addition = { kind: 'Deployment', resourceName: 'web', containerName: 'web', items: [item] };

test('adds a ConfigMap and mounts it in the container named', () => {
  const { changed, added } = runPlugins(shop, [
    { name: 'CustomConfigmap', args: { configmapToAdd: { 'extra.conf': addition } } },
  ]);
  expect(added).toEqual([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra.conf' }, data: { 'log.conf': 'level=debug' } },
  ]);
  expect(changed.map(({ object }) => object?.['kind'])).toEqual(['Deployment']);
  const spec = valueAt(changed[0]?.object ?? {}, 'spec', 'template', 'spec');
  expect(spec).toMatchObject({
    containers: [
      { name: 'web', volumeMounts: [{ name: 'walm-extra-conf', mountPath: '/etc/web/log.conf', subPath: 'log.conf' }] },
      { name: 'sidecar' },
    ],
    volumes: [
      { name: 'cache', emptyDir: {} },
      {
        name: 'walm-extra-conf',
        configMap: { name: 'extra.conf', items: [{ key: 'log.conf', path: 'log.conf', mode: 420 }] },
      },
    ],
  });
  expect(valueAt(spec, 'containers', 1)).not.toHaveProperty('volumeMounts');
});

test('mounts it in all containers of all workloads on demand', () => {
  const args = { configmapToAdd: { extra: { applyAllResources: true, items: [item] } } };
  const { changed } = runPlugins(shop, [{ name: 'CustomConfigmap', args }]);
  const kinds = changed.map(({ object }) => object?.['kind']);
  expect(kinds).toEqual(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Pod']);
  expect(valueAt(changed[0]?.object ?? {}, 'spec', 'template', 'spec', 'containers', 1)).toHaveProperty('volumeMounts');
});

test('applying it twice is applying it once', () => {
  const args = { configmapToAdd: { extra: { applyAllResources: true, items: [item] } } };
  const once = afterPlugin(shop, 'CustomConfigmap', args);
  expect(runPlugins(once, [{ name: 'CustomConfigmap', args }])).toMatchObject({ changed: [], added: [] });
});

const old = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { level: 'debug', own: 'x' } };

test.each<JsonObject>([{ configmapToSkipNames: ['settings'] }, { configmapSkipAll: true }])(
  'on an upgrade %j keeps what the release recorded',
  (args) => {
    const { changed } = runPlugins(shop, [{ name: 'CustomConfigmap', args }], [manifestDocument(old)]);
    expect(changed.map(({ object }) => object)).toEqual([old]);
    expect(runPlugins(shop, [{ name: 'CustomConfigmap', args }]).changed).toEqual([]);
  },
);

test('other ConfigMaps are rendered again', () => {
  const args = { configmapToSkipNames: ['other'] };
  expect(runPlugins(shop, [{ name: 'CustomConfigmap', args }], [manifestDocument(old)]).changed).toEqual([]);
});

test.each([
  [{ configmapToAdd: { settings: addition } }, 'ConfigMap settings of its own'],
  [{ configmapToAdd: { extra: { ...addition, resourceName: 'wep' } } }, 'no Deployment wep'],
  [{ configmapToAdd: { extra: { ...addition, containerName: 'x' } } }, 'with a container x'],
])('refuses %j', (args, reason) => {
  expect(refusalOf(shop, 'CustomConfigmap', args).message).toContain(reason);
});
