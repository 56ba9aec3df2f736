import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manifestDocument, shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { afterPlugin, runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import type { JsonObject } from '../json/json.ts';
import { valueAt } from '../json/json-reading.ts';

const pod = (image: string) =>
  manifestDocument({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'a', image }] },
  });
const moved = (image: string, args: JsonObject) => {
  const [after] = afterPlugin([pod(image)], 'ImageRegistry', args);
  return valueAt(after?.object ?? {}, 'spec', 'containers', 0, 'image');
};

test('every container of every pod is moved, init and ephemeral ones and those of hooks included', () => {
  const after = afterPlugin(shopDocuments(), 'ImageRegistry', { registry: 'r.example:5000' });
  const images = [...JSON.stringify(after.map(({ object }) => object)).matchAll(/"image":"([^"]+)"/g)].map(
    ([, image]) => image,
  );
  expect(images).toEqual([
    'r.example:5000/shop/init:1',
    'r.example:5000/nginx:1.27',
    'r.example:5000/shop/sidecar@sha256:aaaa',
    'r.example:5000/db:2',
    'r.example:5000/agent',
    'r.example:5000/shop/job:3',
    'r.example:5000/lone',
    'r.example:5000/shop/debug',
    'r.example:5000/shop/migrate:1',
  ]);
});

test.each([
  ['nginx', { mirrors: { 'docker.io': 'm.example/hub' } }, 'm.example/hub/nginx'],
  [
    'nginx',
    { mirrors: { 'docker.io': 'a.example', 'docker.io/library': 'b.example/official' } },
    'b.example/official/nginx',
  ],
  ['docker.io/bitnami/kafka:3', { mirrors: { 'docker.io/bitnami': 'm.example/b' } }, 'm.example/b/kafka:3'],
  ['quay.io/a/b:1', { registry: 'r.example', mirrors: { 'quay.io': 'm.example/quay' } }, 'm.example/quay/a/b:1'],
  ['ghcr.io/a/b:1', { registry: 'r.example', mirrors: { 'quay.io': 'm.example/quay' } }, 'r.example/a/b:1'],
  ['ghcr.io/a/b:1', { mirrors: { 'quay.io': 'm.example' } }, 'ghcr.io/a/b:1'],
  ['quay.ioa/b', { mirrors: { 'quay.io': 'm.example' } }, 'quay.ioa/b'],
  ['a/b:1', { registry: 'r.example/gold' }, 'r.example/gold/a/b:1'],
])('%s with %j is taken from %s', (image, args, expected) => {
  expect(moved(image, args)).toBe(expected);
});

test('applying it twice is applying it once', () => {
  const place = fc.constantFrom('docker.io', 'quay.io', 'quay.io/a', 'r.example:5000', 'm.example/x', 'localhost');
  const image = fc.tuple(
    fc.constantFrom('', 'quay.io/', 'docker.io/', 'm.example/x/', 'localhost/'),
    fc.constantFrom('a', 'a/b:1', 'a/b/c@sha256:00'),
  );
  fc.assert(
    fc.property(place, fc.dictionary(place, place, { maxKeys: 3 }), image, (registry, mirrors, [host, path]) => {
      const args = { registry, mirrors };
      const once = afterPlugin([pod(`${host}${path}`)], 'ImageRegistry', args);
      expect(runPlugins(once, [{ name: 'ImageRegistry', args }]).changed).toEqual([]);
    }),
  );
});
