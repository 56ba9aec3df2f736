import { expect, test } from 'vitest';
import { createManualClock } from '../../../adapters/memory/manual-clock.ts';
import { recordedRevision } from '../../../../test/harness/fakes/recorded-revision.ts';
import type { ReleaseTotals } from '../../../../contract/schemas/resource-totals.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { createMasker } from '../../../domain/masking/masker.ts';
import type { ForetoldFate } from '../../../ports/helm/helm-release.ts';
import { createPreviewRelease } from './preview-release.ts';
import type { DryRunRendering } from './render-dry-run.ts';

const documentOf = (kind: string, name: string, data: JsonObject): ManifestDocument => ({
  index: 0,
  source: 'web/templates/x.yaml',
  apiVersion: 'v1',
  kind,
  namespace: 'shop',
  name,
  object: { apiVersion: 'v1', kind, metadata: { name }, data },
});

const refOf = ({ apiVersion, kind, namespace, name }: ManifestDocument) => ({ apiVersion, kind, namespace, name });
const totals = { total: { pods: 1 } } as unknown as ReleaseTotals;

/** How often the chart was rendered, and what the preview of these objects says. */
async function preview(before: ManifestDocument[] | null, after: ManifestDocument[], removals: ForetoldFate[] = []) {
  let renderings = 0;
  const rendering: DryRunRendering = {
    name: 'web',
    existing: before && recordedRevision({ namespace: 'shop', name: 'web', revision: 4, objects: before }),
    masker: createMasker([{ text: 'hunter2-and-more' }]),
    digest: 'd',
    chartVersion: '1.0.0',
    rendered: {
      manifest: '',
      documents: after,
      hooks: [],
      crds: [],
      removals,
      notes: '',
      computedValues: {},
      warnings: [],
    },
    outputs: {},
    originals: [],
    warnings: [{ code: 'RENDERED', message: 'a' }],
  };
  const previewRelease = createPreviewRelease({
    renderDryRun: async () => {
      renderings += 1;
      return rendering;
    },
    estimateRenderings: async () => ({ totals, warnings: [{ code: 'JUDGED', message: 'b' }] }),
    previewDependents: async () => ({
      dependents: [{ namespace: 'shop', name: 'front', key: 'db', outputs: ['address'] }],
      hidden: 2,
    }),
    clock: createManualClock(),
  });
  const input = { namespace: 'shop', request: { name: 'web' }, strict: false, caller: null, requestId: 'r' };
  return { preview: await previewRelease(input, new AbortController().signal), renderings: () => renderings };
}

test('one rendering tells of an upgrade: both texts of what differs, totals, dependents, warnings', async () => {
  const before = [
    documentOf('ConfigMap', 'same', { a: '1' }),
    documentOf('ConfigMap', 'web', { url: 'hunter2-and-more', size: '1' }),
    documentOf('Secret', 'old', { password: 'aGlkZGVu' }),
  ];
  const after = [
    documentOf('ConfigMap', 'same', { a: '1' }),
    documentOf('ConfigMap', 'web', { url: 'hunter2-and-more', size: '2' }),
    documentOf('ConfigMap', 'new', { b: '2' }),
  ];
  const { preview: told, renderings } = await preview(before, after);
  expect(told).toMatchObject({
    action: 'upgrade',
    namespace: 'shop',
    name: 'web',
    revision: 4,
    chartDigest: 'd',
    totals,
    dependents: [{ name: 'front' }],
    hiddenDependents: 2,
    warnings: [{ code: 'RENDERED' }, { code: 'JUDGED' }],
  });
  expect(told.objects.map(({ change, name }) => `${change} ${name}`)).toEqual([
    'changed web',
    'added new',
    'removed old',
  ]);
  expect(told.objects[0]).toMatchObject({
    differences: [{ path: '/data/size', old: '1', new: '2' }],
    before: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  url: '***'\n  size: '1'\n",
    after: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  url: '***'\n  size: '2'\n",
  });
  expect(told.objects[1]?.before).toBeUndefined();
  expect(told.objects[2]?.after).toBeUndefined();
  expect(JSON.stringify(told)).not.toMatch(/hunter2|aGlkZGVu/);
  expect(renderings()).toBe(1);
});

test('what the chart no longer has is kept where the cluster keeps it, and says why', async () => {
  const kept = documentOf('ConfigMap', 'kept', { a: '1' });
  const left = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'left' };
  const { preview: told } = await preview(
    [kept, documentOf('ConfigMap', 'goes', {})],
    [],
    [
      { object: refOf(kept), outcome: 'kept', reason: 'its owner is hunter2-and-more' },
      { object: refOf(documentOf('ConfigMap', 'goes', {})), outcome: 'deleted', reason: '' },
      { object: left, outcome: 'deleted', reason: '' },
      { object: { ...left, name: 'long gone' }, outcome: 'gone', reason: 'it is gone' },
    ],
  );
  expect(told.objects).toMatchObject([
    { change: 'kept', name: 'kept', reason: 'its owner is ***', before: expect.stringContaining('kept') as string },
    { change: 'removed', name: 'goes' },
    { change: 'removed', name: 'left' },
  ]);
  expect(told.objects.map(({ reason }) => reason)).toEqual(['its owner is ***', undefined, undefined]);
});

test('tells of an install', async () => {
  const { preview: told } = await preview(null, [documentOf('ConfigMap', 'web', {})]);
  expect(told).toMatchObject({ action: 'install', revision: 0, objects: [{ change: 'added', name: 'web' }] });
});

test('leaves out what is too large, of one object and of all together, and says so', async () => {
  const sized = (name: string, bytes: number) => documentOf('ConfigMap', name, { text: 'x'.repeat(bytes) });
  const { preview: told } = await preview(null, [
    sized('huge', 300_000),
    ...Array.from({ length: 30 }, (_, index) => sized(`part-${index}`, 200_000)),
  ]);
  expect(told.objects).toHaveLength(31);
  expect(told.objects[0]).toMatchObject({ name: 'huge', change: 'added', leftOut: true });
  expect(told.objects[0]).not.toHaveProperty('after');
  expect(told.objects.filter(({ leftOut }) => leftOut)).toHaveLength(11);
  expect(JSON.stringify(told).length).toBeLessThan(4.5 * 1024 * 1024);
});
