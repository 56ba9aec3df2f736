import { beforeEach, describe, expect, test } from 'vitest';
import { recordedRevision, releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage } from '../../../../test/harness/fakes/release-stage.ts';
import { asString, valueAt } from '../../../domain/json/json-reading.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { findSecrets } from '../../../domain/masking/hide-layers.ts';
import type { RenderRequest } from '../../../ports/helm/helm-reader.ts';
import type { UploadedArchive } from '../../tasks/release-mutation.ts';
import { createDryRunRelease } from './dry-run-release.ts';
import { createRenderDryRun, type DryRunInput } from './render-dry-run.ts';
import type { DryRunView } from './show-objects.ts';

function documentOf(
  kind: string,
  name: string,
  data: JsonObject,
  more: Partial<ManifestDocument> = {},
): ManifestDocument {
  const object = { apiVersion: 'v1', kind, metadata: { name }, data };
  return { index: 0, source: 'web/templates/x.yaml', apiVersion: 'v1', kind, namespace: 'shop', name, object, ...more };
}

let stage: ReleaseStage;
let archive: UploadedArchive;
/** What the engine was asked to render. */
let rendered: RenderRequest[];

beforeEach(async () => {
  stage = createReleaseStage();
  rendered = [];
  archive = await stage.chart('web', '1.0.0', {
    secrets: { schemas: [{ path: [], schema: { properties: { password: { writeOnly: true } } } }], paths: [] },
    render: (values) => [
      documentOf('ConfigMap', 'web', { size: values['size'] ?? 1, url: `db://ann:${asString(values['password'])}@db` }),
      documentOf('Secret', 'web', { password: 'aGlkZGVu' }),
      documentOf('Job', 'migrate', {}, { hook: { events: ['pre-install'], weight: 0, deletePolicies: [] } }),
    ],
  });
});

function dryRun(given: Partial<DryRunInput & DryRunView> = {}, sent: { archive?: UploadedArchive } = { archive }) {
  const renderDryRun = createRenderDryRun({
    ...stage,
    refuseOverQuota: async () => {},
    engine: {
      ...stage.helm,
      async render(request) {
        rendered.push(request);
        const { objects, warnings, manifest } = await stage.rendering.rendered(request);
        const hooks = [documentOf('Job', 'migrate', {})];
        const crds = [documentOf('CustomResourceDefinition', 'gadgets.example.com', {}, { namespace: '' })];
        return {
          manifest,
          documents: objects,
          hooks,
          crds,
          removals: [],
          notes: '',
          computedValues: request.values,
          warnings,
        };
      },
    },
    findSecrets: (input) => Promise.resolve(findSecrets(input)),
    memoryUnit: 'Gi',
    ignoreUnknownPlugins: false,
  });
  const dryRunRelease = createDryRunRelease({
    renderDryRun,
    previewDependents: () => Promise.resolve({ dependents: [], hidden: 0 }),
    clock: stage.clock,
  });
  const input = {
    namespace: 'shop',
    request: { name: 'web', configValues: { password: 'hunter2-and-more' } },
    ...sent,
    strict: false,
    caller: null,
    requestId: 'r',
    hooks: false,
    crds: false,
    ...given,
  };
  return dryRunRelease(input, new AbortController().signal);
}

const names = (objects: readonly JsonObject[]) =>
  objects.map((object) => `${asString(object['kind'])} ${asString(valueAt(object, 'metadata', 'name'))}`);

describe('a dry run', () => {
  test('of an install shows the objects with the ReleaseConfig last, secrets masked, and writes nothing', async () => {
    const { objects } = await dryRun();
    expect(names(objects)).toEqual(['ConfigMap web', 'Secret web', 'ReleaseConfig web']);
    expect(objects[0]).toMatchObject({ metadata: { namespace: 'shop' }, data: { url: 'db://ann:***@db' } });
    expect(JSON.stringify(objects)).not.toMatch(/hunter2|aGlkZGVu/);
    expect(rendered).toMatchObject([{ isUpgrade: false, values: { password: 'hunter2-and-more' } }]);
    expect(stage.accepted()).toEqual([]);
    expect(await stage.helm.releaseHistory({ identity: null, namespace: 'shop', name: 'web' })).toEqual([]);
    expect(await stage.archives.get('shop', archive.digest, null)).toBeNull();
  });

  test('shows hooks and definitions of kinds where they are asked for', async () => {
    const { objects } = await dryRun({ hooks: true, crds: true });
    expect(names(objects)).toEqual([
      'CustomResourceDefinition gadgets.example.com',
      'ConfigMap web',
      'Secret web',
      'Job migrate',
      'ReleaseConfig web',
    ]);
    expect(valueAt(objects[0], 'metadata', 'namespace')).toBeUndefined();
  });

  test('of an upgrade takes what the release has, chart and values, and masks what it had', async () => {
    const source = { kind: 'archive', ref: 'web.tgz', version: '1.0.0', digest: archive.digest };
    const config = { size: 7, password: 'former-password' };
    const record = recordedRevision({
      namespace: 'shop',
      config,
      computedValues: config,
      releaseConfig: releaseConfig({ source, configValues: { size: 7 } }),
    });
    stage.helm.record(record);
    const { objects } = await dryRun({ request: { name: 'web', configValues: { note: 'a' } } }, {});
    expect(rendered).toMatchObject([{ isUpgrade: true, chart: archive.digest, values: { size: 7, note: 'a' } }]);
    expect(objects[0]).toMatchObject({ kind: 'ConfigMap', data: { size: 7 } });
    expect(await stage.helm.releaseHistory({ identity: null, namespace: 'shop', name: 'web' })).toHaveLength(1);
  });

  test.each<[string, string, Partial<DryRunInput>, object?]>([
    ['into a namespace that is not there', 'NAMESPACE_NOT_FOUND', { namespace: 'none' }],
    ['of a chart that is not there', 'CHART_NOT_FOUND', { request: { name: 'b', chartName: 'none' } }, {}],
    ['of a dependent of nothing', 'DEPENDENCY_NOT_FOUND', { request: { name: 'web', dependencies: { db: 'none' } } }],
    [
      'with warnings where it is strict',
      'REQUEST_INVALID',
      { strict: true, request: { name: 'web', plugins: [{ name: 'NoSuchPlugin', version: '1.0', args: '' }] } },
    ],
  ])('%s is refused, and nothing is rendered', async (_what, code, given, sent) => {
    await expect(dryRun(given, sent)).rejects.toMatchObject({ code });
    expect(rendered).toEqual([]);
  });

  test('into a namespace that would be made needs the right to make it', async () => {
    const fresh = { namespace: 'fresh', createNamespace: true };
    expect(names((await dryRun(fresh)).objects)).toContain('ConfigMap web');
    stage = createReleaseStage(['get fresh']);
    archive = await stage.chart('web');
    await expect(dryRun({ ...fresh, caller: stage.ann })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('needs the right to create, or for a release that exists to update', async () => {
    const forbidden = (verb: string) => ({ code: 'FORBIDDEN', details: { verb, namespace: 'shop' } });
    stage = createReleaseStage(['update shop']);
    archive = await stage.chart('web');
    await expect(dryRun({ caller: stage.ann })).rejects.toMatchObject(forbidden('create'));
    await stage.release({ name: 'web' });
    expect(names((await dryRun({ caller: stage.ann })).objects)).toContain('ReleaseConfig web');
    stage = createReleaseStage(['create shop']);
    archive = await stage.chart('web');
    expect(names((await dryRun({ caller: stage.ann })).objects)).toContain('ReleaseConfig web');
    await stage.release({ name: 'web' });
    await expect(dryRun({ caller: stage.ann })).rejects.toMatchObject(forbidden('update'));
  });

  test('by the API server is asked of the engine', async () => {
    await dryRun({ validate: 'server' });
    expect(rendered).toMatchObject([{ validate: true }]);
  });
});
