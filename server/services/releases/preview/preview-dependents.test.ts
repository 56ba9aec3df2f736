import { beforeEach, expect, test } from 'vitest';
import { releaseConfig } from '../../../../test/harness/fakes/recorded-revision.ts';
import { createReleaseStage, type ReleaseStage } from '../../../../test/harness/fakes/release-stage.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import type { ManifestDocument } from '../../../domain/kube/manifest-document.ts';
import { createMasker } from '../../../domain/masking/masker.ts';
import { outputDigests } from '../../dependencies/read-provider.ts';
import { createCompareDryRun } from './compare-dry-run.ts';
import { createPreviewDependents, dependentWarnings } from './preview-dependents.ts';
import { createOutputsAfter } from './outputs-after.ts';
import type { DryRunRendering } from './render-dry-run.ts';

const KEY = new Uint8Array(32);
let stage: ReleaseStage;

beforeEach(() => {
  stage = createReleaseStage();
});

const documentOf = (data: JsonObject): ManifestDocument => ({
  index: 0,
  source: 'web/templates/x.yaml',
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'db',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'db', namespace: 'shop' }, data },
});

/** What a dry run of release `db` renders, whose output `address` is its value of that name. */
async function rendering(address: string, isUpgrade = true): Promise<DryRunRendering> {
  const existing = isUpgrade
    ? await stage.release({ name: 'db', revision: 4, objects: [documentOf({ a: 'old' })] })
    : null;
  return {
    name: 'db',
    existing,
    masker: createMasker([{ text: 'hunter2-and-more' }]),
    digest: 'd',
    chartVersion: '1.0.0',
    rendered: {
      manifest: '',
      documents: [documentOf({ a: 'new', url: 'hunter2-and-more' })],
      hooks: [],
      crds: [],
      removals: [],
      notes: '',
      computedValues: { address },
      warnings: [],
    },
    outputs: { address: 'values:address' },
    originals: [],
    warnings: [],
  };
}

/** A release of a namespace that was given what `db` publishes. */
function dependent(namespace: string, name: string, address: string) {
  const digests = outputDigests(KEY, { address });
  const injected = [{ key: 'db', provider: 'shop/db', digest: 'd', revision: 1, outputs: digests }];
  const config = releaseConfig({ dependencies: { db: 'shop/db' }, injected });
  return stage.release({ namespace, name, releaseConfig: config });
}

const preview = () =>
  createPreviewDependents({
    ...stage,
    outputsAfter: createOutputsAfter({
      live: stage.live,
      secrets: { read: () => Promise.resolve(undefined) } as never,
    }),
    digestKey: { read: () => Promise.resolve(KEY) },
  });

test('those are named that have something else than what would be published, with the outputs', async () => {
  await dependent('shop', 'web', 'db:1');
  await dependent('shop', 'current', 'db:2');
  expect(await preview()(await rendering('db:2'), null)).toEqual({
    dependents: [{ namespace: 'shop', name: 'web', key: 'db', outputs: ['address'] }],
    hidden: 0,
  });
});

test('an install has none', async () => {
  await dependent('shop', 'web', 'db:1');
  expect(await preview()(await rendering('db:2', false), null)).toEqual({ dependents: [], hidden: 0 });
});

test('those that the caller may not list are counted and not named', async () => {
  stage = createReleaseStage(['list shop']);
  await dependent('shop', 'web', 'db:1');
  await dependent('other', 'foreign', 'db:1');
  const reported = await preview()(await rendering('db:2'), stage.ann);
  expect(reported).toMatchObject({ dependents: [{ name: 'web' }], hidden: 1 });
  const warnings = dependentWarnings(reported).map(({ message }) => message);
  expect(warnings).toEqual([expect.stringContaining('shop/web would be upgraded'), expect.stringContaining('1 more')]);
  expect(JSON.stringify(warnings)).not.toContain('foreign');
});

test('a comparison says what differs from the newest revision, secrets masked, and who would follow', async () => {
  await dependent('shop', 'web', 'db:1');
  const given = await rendering('db:2');
  const compareDryRun = createCompareDryRun({
    renderDryRun: () => Promise.resolve(given),
    previewDependents: preview(),
  });
  const input = { namespace: 'shop', request: { name: 'db' }, strict: false, caller: null, requestId: 'r' };
  const { difference } = await compareDryRun(input, new AbortController().signal);
  expect(difference).toMatchObject({ revision: 4, dependents: [{ name: 'web' }], hiddenDependents: 0 });
  expect(difference.objects).toHaveLength(1);
  expect(JSON.stringify(difference)).toContain('***');
  expect(JSON.stringify(difference)).not.toContain('hunter2');
});
