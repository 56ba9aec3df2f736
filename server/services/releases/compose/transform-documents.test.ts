import { beforeEach, describe, expect, test } from 'vitest';
import { manifestDocument } from '../../../../test/harness/charts/manifest-documents.ts';
import { valueAt } from '../../../domain/json/json-reading.ts';
import { createObjectIndex } from '../../../domain/indexes/object-index.ts';
import type { EffectiveRequest } from '../../../domain/request/release-request.ts';
import type { MergeKeys } from '../../../domain/patch/strategic-merge-keys.ts';
import { runPlugins } from '../../../domain/plugins/run-plugins.ts';
import { createTransformDocuments } from './transform-documents.ts';

let asked: { apiVersion: string; kind: string }[][] = [];
beforeEach(() => {
  asked = [];
});

const create = createTransformDocuments({
  engine: {
    mergeKeys: (kinds) => {
      asked.push([...kinds]);
      return Promise.resolve(
        kinds.map(({ kind }): MergeKeys => (kind === 'Deployment' ? { 'spec/template/spec/containers': 'name' } : {})),
      );
    },
  },
  live: createObjectIndex(),
  pauseDaemonSets: true,
  metadataDomains: [],
  clock: { now: () => 0 },
  runPlugins: (work) => Promise.resolve(runPlugins(work)),
});
const transformDocuments = (given: Pick<EffectiveRequest, 'plugins' | 'strategy'>) =>
  create({ ...given, pause: null, releaseConfig: { spec: {} }, holder: 'ann' });
const old = manifestDocument({
  apiVersion: 'extensions/v1beta1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } } },
});
const served = (apiVersion: string) => apiVersion === 'apps/v1';
const plugin = (name: string, args: object | '' = '', disable = false) => ({
  name,
  args: args === '' ? '' : JSON.stringify(args),
  version: '',
  disable,
});
const labels = plugin('labelPod', { labelsToAdd: { a: 'b' } });

describe('transformDocuments', () => {
  test('converts first, then applies the plugins, then the strategy', async () => {
    const { run, always } = transformDocuments({ plugins: [labels], strategy: { type: 'Recreate' } });
    const { changed, warnings } = await run([old], { recorded: false, compared: false, served });
    expect(always).toBe(true);
    expect(changed).toHaveLength(1);
    expect(changed[0]?.object).toMatchObject({
      apiVersion: 'apps/v1',
      spec: { strategy: { type: 'Recreate' }, template: { metadata: { labels: { app: 'web', a: 'b' } } } },
    });
    expect(warnings.map(({ code }) => code)).toEqual(['API_VERSION_CONVERTED']);
  });

  test('lists are merged as the cluster says of the version that it serves, and it is asked where they are', async () => {
    const patch = { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:2' }] } } } };
    const target = { kind: 'Deployment', name: 'web' };
    const patches = plugin('CustomPatch', { patches: [{ target, type: 'strategic', patch }] });
    const origin = { recorded: false, compared: false, served };
    const secret = manifestDocument({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' } }, 1);
    const { changed } = await transformDocuments({ plugins: [patches], strategy: null }).run([old, secret], origin);
    expect(valueAt(changed[0]?.object ?? {}, 'spec', 'template', 'spec', 'containers')).toEqual([
      { name: 'web', image: 'nginx:2' },
    ]);
    await transformDocuments({ plugins: [labels], strategy: null }).run([old], origin);
    expect(asked).toEqual([[{ apiVersion: 'apps/v1', kind: 'Deployment' }]]);
  });

  test('what comes from a record is converted and nothing else', async () => {
    const { run } = transformDocuments({ plugins: [labels], strategy: { type: 'Recreate' } });
    const {
      changed: [change],
    } = await run([old], { recorded: true, compared: false, served });
    expect(valueAt(change?.object ?? {}, 'spec', 'template', 'metadata', 'labels')).toEqual({ app: 'web' });
    expect(change?.object?.['apiVersion']).toBe('apps/v1');
  });

  test('the engine need not call where nothing is at work', () => {
    const idle = [
      plugin('guardian'),
      plugin('nodeAffinity'),
      plugin('ValidateReleaseConfig'),
      { ...labels, disable: true },
    ];
    expect(transformDocuments({ plugins: idle, strategy: null }).always).toBe(false);
    expect(transformDocuments({ plugins: [plugin('PauseRelease')], strategy: null }).always).toBe(true);
    expect(transformDocuments({ plugins: [], strategy: { maxSurge: 1 } }).always).toBe(true);
  });

  test('recorded arguments that a plugin no longer understands are refused', () => {
    const wrong = plugin('LabelPod', { labelsToAdd: 5 });
    expect(() => transformDocuments({ plugins: [wrong], strategy: null })).toThrow(
      /plugin LabelPod: its recorded arguments cannot be used: \/labelsToAdd/,
    );
  });
});
